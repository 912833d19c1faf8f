"""How gradients change parameters: optimizers, learning-rate schedules, weight averaging, pruning."""
