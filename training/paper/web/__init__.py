"""The pages of scans and collection sheets."""
