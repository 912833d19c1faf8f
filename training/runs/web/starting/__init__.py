"""A run is started from a public page."""
