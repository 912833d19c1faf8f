"""The pages of runs: lists, one run, comparison."""
