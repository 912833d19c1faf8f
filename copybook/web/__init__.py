"""The page of the copybook, and its letters as JSON."""
