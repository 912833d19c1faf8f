"""What the thesis draws besides curves: a network, a descent, letters, the way of the data and of the program."""
