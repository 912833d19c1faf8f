"""From the bytes of a picture file to an array that `recognizer.core.ink` takes. Pillow does the decoding."""

import io
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError
from pyspng._pyspng_c import SPNG_FMT_G8, spng_decode_image_bytes

from recognizer.messages import gettext as _

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_SIZE, _DEPTH, _COLOUR, _SECOND = 16, 24, 25, slice(37, 41)
"""Where a PNG has its width and height, its bits, its kind of colour and the name of its second chunk."""
_GREY, _DEEP = 0, 16
_BAND = 256
"""Rows of a deep picture that are scaled at once."""
Image.MAX_IMAGE_PIXELS = None  # `_check_pixels` refuses by a limit of our own, before a pixel is decoded
REDUCED = {"JPEG": 8, "MPO": 8}
"""Formats that are reduced while they are decoded: so many of their pixels take the time of one."""
_TURNS: Mapping[int, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.swapaxes(0, 1),
    6: lambda pixels: pixels.swapaxes(0, 1)[:, ::-1],
    7: lambda pixels: pixels[::-1, ::-1].swapaxes(0, 1),
    8: lambda pixels: pixels.swapaxes(0, 1)[::-1],
}
"""By EXIF's orientation, how pixels (h, w) or (h, w, 2) come to stand upright."""
LARGEST_SIDE = 1024  # pixels; a larger picture is reduced first, as the network sees 28×28 of it


class PictureError(ValueError):
    """The bytes are not a picture that we accept; the message is a sentence for the person who sent them."""


class HeavyPictureError(PictureError):
    """One that takes long, where only quick ones were to be read."""


class PictureTooLargeError(PictureError):
    """The file has more bytes than we accept."""


def check_size(count: int) -> None:
    """Check a file's number of bytes before it is read.

    Raises:
        PictureTooLargeError: more than the limit.

    """
    limit = settings.PROPIS_LIMITS["picture_bytes"]
    if count > limit:
        raise PictureTooLargeError(_("The picture is larger than %(limit)d MB.") % {"limit": limit // 2**20})


def decode(data: bytes, *, most: int | None = None, largest: int = LARGEST_SIDE) -> NDArray[np.uint8]:
    """Decode one picture, where it has no more than `most` pixels that take time; reduced to a longest side.

    Returns:
        uint8 array (h, w) of greys, or (h, w, 2) where it has transparency (grey, alpha).

    Raises:
        PictureError: empty, not a picture, truncated, or larger than the limits.
        HeavyPictureError: it has more.

    """
    if not data:
        raise PictureError(_("The file is empty."))
    check_size(len(data))
    limit = settings.PROPIS_LIMITS["picture_pixels"]
    plain = _plain_png(data, limit if most is None else min(limit, most))
    if plain is not None:
        return plain
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_pixels(image, limit)
            _check_frames(image)
            if most is not None and image.width * image.height > most * REDUCED.get(image.format or "", 1):
                raise HeavyPictureError(_("This picture takes a long time to read."))
            turn = _orientation(image)
            image.draft("L", (largest, largest))
            pixels = _to_array(image, largest)
            return np.ascontiguousarray(_TURNS[turn](pixels)) if turn in _TURNS else pixels
    except PictureError:
        raise
    except UnidentifiedImageError:
        raise PictureError(
            _("This is not a picture in a format that we read (PNG, JPEG, WebP, BMP, GIF, TIFF).")
        ) from None
    except Exception as error:  # Pillow's decoders raise many types on damaged files
        raise PictureError(_("The picture is damaged or cut short.")) from error


def _plain_png(data: bytes, limit: int) -> NDArray[np.uint8] | None:
    """Decode a PNG of greys with no more to it, as most data sets have: four times as fast as Pillow, the same pixels.

    None for anything else, and for what is damaged: Pillow then says what is wrong.
    """
    if not data.startswith(_PNG) or data[_SECOND] != b"IDAT" or data[_COLOUR] != _GREY or data[_DEPTH] == _DEEP:
        return None
    if b"eXIf" in data:  # which may turn it
        return None
    width, height = struct.unpack_from(">II", data, _SIZE)
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE and width * height <= limit):
        return None
    try:
        return np.asarray(spng_decode_image_bytes(data, SPNG_FMT_G8)[:, :, 0], dtype=np.uint8)
    except RuntimeError:
        return None


def _orientation(image: Image.Image) -> int:
    """The orientation that EXIF declares: how the picture must be turned to stand upright; 0 where it declares none."""
    if image.format == "TIFF":
        return 0  # Pillow turns it by itself
    if image.format == "PNG":
        image.load()  # its EXIF may follow the pixels
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 0))
    except Exception:  # a damaged EXIF block does not make a damaged picture
        return 0


def _check_pixels(image: Image.Image, limit: int) -> None:
    width, height = image.size
    if width * height > limit:
        raise PictureError(_("The picture has more than %(limit)d million pixels.") % {"limit": limit // 1_000_000})
    if not width or not height:
        raise PictureError(_("The picture has no pixels."))


def _check_frames(image: Image.Image) -> None:
    """Refuse animations and several pages: which picture is meant is unknown, and the first is often empty."""
    # A camera's JPEG may carry a preview of itself ("MPO"); its first picture is the one that is meant.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise PictureError(_("The picture is animated or has several pages."))


def _to_array(image: Image.Image, largest: int) -> NDArray[np.uint8]:
    """Greys, with alpha where there is transparency; 16-bit greys are scaled, not cut off."""
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(np.asarray(image), largest)
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    converted = image.convert("RGBA").convert("LA") if has_alpha else image.convert("L")
    converted.thumbnail((largest, largest), Image.Resampling.BOX)
    return np.asarray(converted, dtype=np.uint8)


def _from_deep(values: NDArray[Any], largest: int) -> NDArray[np.uint8]:
    """Scale whatever range there is to 0…255; in bands, as float64 would take eight times the picture's room."""
    low, high = float(values.min()), float(values.max())
    if not np.isfinite((low, high)).all():
        raise PictureError(_("The picture has pixels that are not numbers."))
    if high == low:
        return np.full(values.shape, 255, dtype=np.uint8)
    scaled = np.empty(values.shape, dtype=np.uint8)
    for first in range(0, len(values), _BAND):
        band = values[first : first + _BAND].astype(np.float64)
        scaled[first : first + _BAND] = ((band - low) * (255.0 / (high - low))).astype(np.uint8)
    small = Image.fromarray(scaled)
    small.thumbnail((largest, largest), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.uint8)
