"""What every long work shares: a row, a claim, a heartbeat, progress, cancel, events."""
