"""What a sweep does next, and the results of its trials."""
