"""The whole study as files: one HTML page, the same as PDF, its data as CSV."""
