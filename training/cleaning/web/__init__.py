"""The pages of label checks: reviewing findings, making a new version."""
