"""What every job shares: a row, a claim, a heartbeat, progress, requests, events."""
