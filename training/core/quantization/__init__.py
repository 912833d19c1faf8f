"""Training a network in the whole numbers that it will have."""
