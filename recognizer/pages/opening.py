"""From the bytes of a picture or PDF to grey pages of a size that is worked with."""

import ctypes
import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pypdfium2
from django.conf import settings
from numpy.typing import NDArray
from pi_heif import register_heif_opener
from PIL import Image, ImageOps, UnidentifiedImageError

from recognizer.messages import gettext as _
from recognizer.pages.errors import PageError, PageFileError, PageTooLargeError

Greys = NDArray[np.uint8]

WORKING_SIDE = 2400
"""Pixels of the longer side that is worked with: a letter of 8 mm on A4 then has 65."""
SMALLEST_SIDE = 64
MOST_PAGES = 500
"""Of a PDF that is read as a job; the page in the browser takes one at a time."""
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "HEIF")
_PDF, _PDF_WITHIN = b"%PDF-", 1024
_PASSWORD = 4
"""PDFium's number of the error that a password is missing."""


@dataclass(frozen=True)
class OpenedPage:
    """One page, upright by its EXIF.

    Attributes:
        greys: uint8 (h, w), neither side longer than WORKING_SIDE.
        width, height: pixels of the original: of the picture, or of a PDF's page in points.
        number: of the page in its file, from 1.

    """

    greys: Greys
    width: float
    height: float
    number: int = 1

    @property
    def scale(self) -> float:
        """Original pixels to one that is worked with."""
        return float(self.width / self.greys.shape[1])


def is_pdf(data: bytes) -> bool:
    """Whether the bytes are a PDF's."""
    return _PDF in data[:_PDF_WITHIN]


def count_pages(data: bytes) -> int:
    """How many pages a file has. Raises PageError."""
    if not is_pdf(data):
        return 1
    with _pdf(data) as document:
        return len(document)


def open_page(data: bytes, number: int = 1, *, limit: int | None = None) -> OpenedPage:
    """Open one page of a file of at most `limit` bytes, PROPIS_PAGE_BYTES where none is given.

    Raises:
        PageFileError: it is no picture or PDF, or damaged, or asks for a password.
        PageTooLargeError: it has more bytes, pixels or pages than we accept.
        PageError: there is no page of that number.

    """
    _check_bytes(data, limit)
    if not is_pdf(data):
        if number != 1:
            raise _no_such_page(1)
        return _of_picture(data)
    with _pdf(data) as document:
        if not 1 <= number <= len(document):
            raise _no_such_page(len(document))
        return _of_pdf(document, number)


def open_pages(data: bytes) -> Iterator[OpenedPage]:
    """Open the pages of a file, one after the other. Raises what `open_page` raises."""
    _check_bytes(data)
    if not is_pdf(data):
        yield _of_picture(data)
        return
    with _pdf(data) as document:
        for number in range(1, len(document) + 1):
            yield _of_pdf(document, number)


def _check_bytes(data: bytes, limit: int | None = None) -> None:
    if not data:
        raise PageFileError(_("The file is empty."))
    limit = limit or settings.PROPIS_LIMITS["page_bytes"]
    if len(data) > limit:
        raise PageTooLargeError(_("The page is larger than %(limit)d MB.") % {"limit": limit // 2**20})


def _no_such_page(count: int) -> PageError:
    return PageError(_("The file has no such page; it has %(count)d.") % {"count": count})


def _of_picture(data: bytes) -> OpenedPage:
    register_heif_opener(thumbnails=False)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_pixels(image.width, image.height)
            if image.format not in ("MPO", "HEIF") and getattr(image, "is_animated", False):
                raise PageFileError(_("The picture is animated or has several pages: send each as a file of its own."))
            return _opened(image)
    except PageError:
        raise
    except UnidentifiedImageError:
        raise PageFileError(
            _("This is not a picture or PDF that we read (PNG, JPEG, HEIC, WebP, BMP, GIF, TIFF, PDF).")
        ) from None
    except Exception as error:  # Pillow's decoders raise many types on damaged files
        raise PageFileError(_("The picture is damaged or cut short.")) from error


def _opened(image: Image.Image) -> OpenedPage:
    whole = image.size
    image.draft("L", (WORKING_SIDE, WORKING_SIDE))
    small = _grey(image)
    turned = ImageOps.exif_transpose(small) or small
    width, height = whole if (small.width < small.height) == (turned.width < turned.height) else whole[::-1]
    return OpenedPage(np.asarray(turned, np.uint8), width, height)


def _grey(image: Image.Image) -> Image.Image:
    """The picture in greys on white, reduced to the size that is worked with; it keeps its EXIF."""
    exif = image.getexif()
    if image.mode.startswith("I") or image.mode == "F":
        grey = _of_deep(image)
    elif "A" in image.getbands() or "transparency" in image.info:
        colours = image.convert("RGBA")
        grey = Image.new("L", image.size, 255)
        grey.paste(colours.convert("L"), mask=colours.getchannel("A"))
    else:
        grey = image.convert("L")
    grey.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX)
    grey.info["exif"] = exif.tobytes()
    return grey


def _of_deep(image: Image.Image) -> Image.Image:
    """A picture of 16 or more bits, reduced first, its range scaled to 8 bits."""
    step = max(1, max(image.size) // WORKING_SIDE)
    values = np.asarray(image)[::step, ::step].astype(np.float32)
    low, high = float(values.min()), float(values.max())
    if not np.isfinite((low, high)).all():
        raise PageFileError(_("The picture has pixels that are not numbers."))
    return Image.fromarray(((values - low) * (255 / max(high - low, 1e-9))).astype(np.uint8))


def _check_pixels(width: float, height: float) -> None:
    limit = settings.PROPIS_LIMITS["page_pixels"]
    if width * height > limit:
        raise PageTooLargeError(_("The page has more than %(limit)d million pixels.") % {"limit": limit // 1_000_000})
    if min(width, height) < SMALLEST_SIDE:
        raise PageError(_("The picture is too small to be a page of letters."))


def _pdf(data: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error):
            raise PageFileError(_("The PDF asks for a password: save it without one.")) from None
        raise PageFileError(_("The PDF is damaged or cut short.")) from None
    if count > MOST_PAGES:
        document.close()
        raise PageTooLargeError(_("The PDF has more than %(limit)d pages.") % {"limit": MOST_PAGES})
    if not count:
        document.close()
        raise PageFileError(_("The PDF has no pages."))
    return document


def _of_pdf(document: pypdfium2.PdfDocument, number: int) -> OpenedPage:
    try:
        page = document[number - 1]
        width, height = page.get_size()
        scale = WORKING_SIDE / max(width, height, 1.0)
        if min(width, height) * scale < SMALLEST_SIDE:
            raise PageError(_("The picture is too small to be a page of letters."))
        greys = page.render(scale=scale, grayscale=True).to_numpy()
        greys = greys.reshape(greys.shape[:2])[:WORKING_SIDE, :WORKING_SIDE].copy()
    except (pypdfium2.PdfiumError, ctypes.ArgumentError) as error:
        raise PageFileError(_("Page %(number)d of the PDF is damaged.") % {"number": number}) from error
    return OpenedPage(greys, width, height, number)
