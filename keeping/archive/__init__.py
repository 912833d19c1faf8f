"""The file of a backup: a zip with the rows as a SQLite database, the files, and a manifest with a hash of each."""
