"""Processes killed at the worst instants."""
