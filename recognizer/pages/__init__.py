"""Pages of paper: a photograph, scan or PDF straightened, cleaned, cut into letters and read."""
