"""Speed against thresholds and peers: `make bench`, or `python -m benchmarks NAME`."""
