"""The draw page in three browser engines: drawn on, read, mended, switched. `make browsers` prints a table."""
