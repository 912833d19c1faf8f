"""The extra `paper`: packages that reading letters needs not, so that `make run` goes without them."""

from functools import lru_cache
from importlib.util import find_spec

from recognizer.messages import gettext as _
from recognizer.pages.errors import PaperMissingError

PACKAGES = ("cv2", "pypdfium2", "pi_heif", "reportlab")


@lru_cache(maxsize=1)
def is_there() -> bool:
    """Whether all of its packages are installed."""
    return all(find_spec(name) is not None for name in PACKAGES)


def require() -> None:
    """See that it is installed.

    Raises:
        PaperMissingError: it is not; the message says how to get it.

    """
    if not is_there():
        raise PaperMissingError(
            _("Paper cannot be read here yet: it needs some more packages, which “make paper” installs.")
        )
