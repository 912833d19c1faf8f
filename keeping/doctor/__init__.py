"""What is wrong with an installation, in words, and how to mend it."""
