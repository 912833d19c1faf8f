"""What can be chosen before a training: each hyperparameter with its type, default, bounds and help text."""
