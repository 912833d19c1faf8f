"""What is told to others when a job ends: by a webhook, by mail."""
