"""What is measured on: drawings, synthetic letters, a large data set."""
