"""What fewer bits cost: points lost at each precision, and accuracy by the size of the whole file."""
