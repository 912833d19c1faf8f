"""Browsers as devices: their page, invitations, and a board of their own."""
