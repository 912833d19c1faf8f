"""From the bytes of a picture file to an array that `recognizer.core.ink` takes. Pillow does the decoding."""

import io
import struct
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from pyspng._pyspng_c import SPNG_FMT_G8, spng_decode_image_bytes

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_SIZE, _DEPTH, _COLOUR, _SECOND = 16, 24, 25, slice(37, 41)
"""Where a PNG has its width and height, its bits, its kind of colour and the name of its second chunk."""
_GREY, _DEEP = 0, 16
_BAND = 256
"""Rows of a deep picture that are scaled at once."""
Image.MAX_IMAGE_PIXELS = None  # `_check_size` refuses by a limit of our own, before a pixel is decoded
LARGEST_SIDE = 1024  # pixels; a larger picture is reduced first, as the network sees 28×28 of it


class PictureError(ValueError):
    """The bytes are no picture that we take; the message is a sentence for the person who sent them."""


def decode(data: bytes) -> NDArray[np.uint8]:
    """Decode one picture.

    Returns:
        uint8 array (h, w) of greys, or (h, w, 2) where it has transparency (grey, alpha).

    Raises:
        PictureError: empty, not a picture, truncated, or larger than the limits.

    """
    limits = settings.PROPIS_LIMITS
    if not data:
        raise PictureError(_("The file is empty."))
    if len(data) > limits["picture_bytes"]:
        raise PictureError(_("The picture is larger than %(limit)d MB.") % {"limit": limits["picture_bytes"] // 2**20})
    plain = _plain_png(data, limits["picture_pixels"])
    if plain is not None:
        return plain
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image, limits["picture_pixels"])
            _check_frames(image)
            image.draft("L", (LARGEST_SIDE, LARGEST_SIDE))
            return _to_array(image)
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
    width, height = struct.unpack_from(">II", data, _SIZE)
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE and width * height <= limit):
        return None
    try:
        return np.asarray(spng_decode_image_bytes(data, SPNG_FMT_G8)[:, :, 0], dtype=np.uint8)
    except RuntimeError:
        return None


def _check_size(image: Image.Image, limit: int) -> None:
    width, height = image.size
    if width * height > limit:
        raise PictureError(_("The picture has more than %(limit)d million pixels.") % {"limit": limit // 1_000_000})
    if not width or not height:
        raise PictureError(_("The picture has no pixels."))


def _check_frames(image: Image.Image) -> None:
    """Refuse what moves or has pages: which of its pictures is meant, nobody says, and the first is often empty."""
    # A camera's JPEG may carry a preview of itself ("MPO"); its first picture is the one that is meant.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise PictureError(_("The picture is animated or has several pages."))


def _to_array(image: Image.Image) -> NDArray[np.uint8]:
    """Greys, with alpha where there is transparency; 16-bit greys are scaled, not cut off."""
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(np.asarray(image))
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    converted = image.convert("RGBA").convert("LA") if has_alpha else image.convert("L")
    converted.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BOX)
    return np.asarray(converted, dtype=np.uint8)


def _from_deep(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Scale whatever range there is to 0…255; in bands, as float64 would take eight times the picture's room."""
    low, high = float(values.min()), float(values.max())
    if not np.isfinite((low, high)).all() or high == low:
        return np.full(values.shape, 255, dtype=np.uint8)
    scaled = np.empty(values.shape, dtype=np.uint8)
    for first in range(0, len(values), _BAND):
        band = values[first : first + _BAND].astype(np.float64)
        scaled[first : first + _BAND] = ((band - low) * (255.0 / (high - low))).astype(np.uint8)
    small = Image.fromarray(scaled)
    small.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.uint8)
