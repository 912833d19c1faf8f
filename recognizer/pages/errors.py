"""What keeps a page from being read; each message is a sentence for the person who sent it."""


class PageError(ValueError):
    """There is no page of letters to be read in what was sent."""


class PageFileError(PageError):
    """The bytes are no picture or PDF that we read."""


class PageTooLargeError(PageError):
    """The file has more bytes, pixels or pages than we accept."""


class PaperMissingError(PageError):
    """The packages that read paper are not installed here."""


class PagesBusyError(PageError):
    """Too many pages are being read at the moment."""
