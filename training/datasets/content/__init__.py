"""What a data set holds: its letters, its splits, its writers."""
