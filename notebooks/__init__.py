"""Exercises on the product's own core: see README.md."""
