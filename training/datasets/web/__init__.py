"""The pages of data sets and of imports."""
