"""From ink to a letter, in numpy and the standard library alone (Python 3.9 and later)."""
