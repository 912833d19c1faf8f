"""What a letter costs that is read through the API."""
