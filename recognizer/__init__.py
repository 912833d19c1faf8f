"""Reads letters: which model is in service, the draw page and the API. The mathematics is in `core/`."""
