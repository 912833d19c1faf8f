"""Words of real letters, and how many are read right."""
