"""Data sets: from an archive, as its publisher ships it, to splits of inputs that a network is trained on."""
