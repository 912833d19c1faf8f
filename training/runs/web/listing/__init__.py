"""The list of runs: its columns, its filter and search, what tells its rows apart, the list as a file."""
