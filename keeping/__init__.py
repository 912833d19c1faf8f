"""Keeping an installation: backups, moving to another database, what is wrong with it, and how it uses the disk."""
