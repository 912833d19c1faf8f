"""Makes networks: the mathematics of training in `core`, and the apps that run it as jobs."""
