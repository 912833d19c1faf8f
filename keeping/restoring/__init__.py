"""Restoring a backup: unpacked and checked aside, then put in place in steps that can be gone on with."""
