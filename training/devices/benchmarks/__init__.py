"""A benchmark as a job: its inputs, the agent's process, the machine's state."""
