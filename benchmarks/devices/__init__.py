"""Devices: what timing costs, and two hundred agents at once."""
