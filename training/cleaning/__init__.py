"""Cleaning of data sets: what is wrong with their pictures is found, people decide, a new version has it mended."""
