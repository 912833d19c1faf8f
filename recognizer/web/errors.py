"""The HTTP status of every refusal, the same on the pages and in the API."""

from recognizer.core.ink import InkError
from recognizer.donations.services import DonationError, TooManyDonationsError
from recognizer.loading import CatalogueError
from recognizer.pages.errors import PageError, PageFileError, PagesBusyError, PageTooLargeError, PaperMissingError
from recognizer.pictures import PictureError, PictureTooLargeError
from recognizer.web.limits import TooManyRequestsError

# A class stands before the one that it derives from: the first that fits counts.
STATUS: dict[type[Exception], int] = {
    InkError: 422,
    PictureTooLargeError: 413,
    PictureError: 415,
    PaperMissingError: 503,
    PagesBusyError: 503,
    PageTooLargeError: 413,
    PageFileError: 415,
    PageError: 422,
    CatalogueError: 503,
    TooManyDonationsError: 503,
    DonationError: 422,
    TooManyRequestsError: 429,
}
REFUSALS = tuple(STATUS)
"""Errors whose message is a sentence for the person who asked."""


def status_of(refusal: Exception) -> int:
    """The HTTP status of one of `REFUSALS`."""
    return next(status for kind, status in STATUS.items() if isinstance(refusal, kind))
