"""The same code on PostgreSQL and Redis."""
