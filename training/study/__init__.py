"""The thesis's experiments, rerun and set beside its own figures."""
