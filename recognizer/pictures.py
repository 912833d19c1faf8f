"""From the bytes of a picture file to an array that `recognizer.core.ink` takes. Pillow does the decoding."""

import io

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
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
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image, limits["picture_pixels"])
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


def _check_size(image: Image.Image, limit: int) -> None:
    width, height = image.size
    if width * height > limit:
        raise PictureError(_("The picture has more than %(limit)d million pixels.") % {"limit": limit // 1_000_000})
    if not width or not height:
        raise PictureError(_("The picture has no pixels."))


def _to_array(image: Image.Image) -> NDArray[np.uint8]:
    """Greys, with alpha where there is transparency; 16-bit greys are scaled, not cut off."""
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(np.asarray(image, dtype=np.float64))
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    converted = image.convert("RGBA").convert("LA") if has_alpha else image.convert("L")
    converted.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BOX)
    return np.asarray(converted, dtype=np.uint8)


def _from_deep(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    low, high = float(values.min()), float(values.max())
    if not np.isfinite((low, high)).all() or high == low:
        return np.full(values.shape, 255, dtype=np.uint8)
    small = Image.fromarray(((values - low) * (255.0 / (high - low))).astype(np.uint8))
    small.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.uint8)
