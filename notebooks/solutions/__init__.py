"""The exercises, solved."""
