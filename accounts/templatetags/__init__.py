"""Filters of accounts."""
