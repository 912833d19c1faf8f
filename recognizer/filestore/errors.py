"""What can be wrong with a store."""


class StoreAwayError(OSError):
    """The store does not answer, or refuses; the message says why. Nothing was lost, and one can ask again."""
