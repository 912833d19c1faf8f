"""Pages of accounts: signing in, one's own account, join codes."""
