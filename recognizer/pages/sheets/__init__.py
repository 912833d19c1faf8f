"""Collection sheets: a grid of letters to copy, printed as PDF, and read again from photographs."""
