"""What is measured in a browser."""
