"""What those who run the site see of it: logs, figures, and which request or job a line is of."""
