"""What a worker does with a run: train, keep checkpoints, conclude."""
