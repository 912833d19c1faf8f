"""Paper: made photographs of pages and of collection sheets, and how well they are read."""
