"""What fits into how many KB: models by shape and precision, and the figures of the page where one is chosen."""
