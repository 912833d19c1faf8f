"""Programs that are measured; each times itself on request (`benchmarks.harness.serve`)."""
