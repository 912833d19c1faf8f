"""Runs: each one training, with its epochs, its checkpoints and its model; and evaluations of models."""
