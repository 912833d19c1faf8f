"""What ends a backup, a restore or a move."""


class KeepingError(Exception):
    """It cannot be done; the message is a sentence for the person who asked, and nothing half-done is left."""
