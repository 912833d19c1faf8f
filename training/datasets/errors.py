"""What can go wrong with data that somebody brings; each message is one sentence for that person."""


class DatasetError(ValueError):
    """Something about a data set is not as it must be."""


class ArchiveError(DatasetError):
    """The archive cannot be taken; nothing of it was kept."""


class ImportStoppedError(Exception):
    """The import was asked to stop; nothing of it was kept."""
