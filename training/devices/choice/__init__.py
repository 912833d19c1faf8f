"""Which model to take: accuracy against size and time, by device."""
