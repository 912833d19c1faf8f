"""Errors in data that somebody brings; each message is one sentence for that person."""

from recognizer.messages import gettext as _


class DatasetError(ValueError):
    """A data set, or a request about one, that is invalid."""


class ArchiveError(DatasetError):
    """The archive cannot be taken; nothing of it was kept."""


class ImportStoppedError(Exception):
    """The import was asked to stop; nothing of it was kept."""


def files_gone(name: str) -> DatasetError:
    """Make the error that says that the files of a data set are no longer there."""
    return DatasetError(_("The files of the data set “%(name)s” are gone: import it again.") % {"name": name})


class DrawingsChangedError(DatasetError):
    """Donated drawings were withdrawn or relabelled while an archive of them was made."""
