"""Programs that are measured; each times itself when it is asked to (`benchmarks.harness.serve`)."""
