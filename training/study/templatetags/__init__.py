"""Template tags of the study."""
