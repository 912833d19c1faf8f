"""Detectors of wrong pictures: copies, outliers, labels that the pictures contradict."""
