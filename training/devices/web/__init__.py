"""The pages of devices, with the tables beside the thesis."""
