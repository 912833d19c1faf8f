"""Public pages of the study."""
