"""Other readers of the same letters beside ours: convolutional networks, scikit-learn's, a support-vector machine."""
