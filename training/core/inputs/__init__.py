"""From stored bytes to the inputs of mini-batches: as they are, or each picture changed at random."""
