"""Decoding: the quick way gives the same pixels as Pillow, and whatever is not plain goes to Pillow."""

import io
import random
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from recognizer import pictures
from recognizer.pictures import HeavyPictureError, PictureError, decode


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Encode an image."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png(image: Image.Image, **options: object) -> bytes:
    """Encode an image as a PNG."""
    return encoded(image, "PNG", **options)


def greys(seed: int, width: int = 31, height: int = 17) -> Image.Image:
    """A picture of noise."""
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8))


def by_pillow(data: bytes, monkeypatch: pytest.MonkeyPatch) -> NDArray[np.uint8] | str:
    """What Pillow makes of it, or the sentence that says what is wrong."""
    with monkeypatch.context() as patched:
        patched.setattr(pictures, "_plain_png", lambda _data, _limit: None)
        return outcome(data)


def outcome(data: bytes) -> NDArray[np.uint8] | str:
    """The pixels, or the sentence."""
    try:
        return decode(data)
    except PictureError as error:
        return str(error)


def same(one: NDArray[np.uint8] | str, other: NDArray[np.uint8] | str) -> bool:
    """Whether two outcomes are the same."""
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    return one.dtype == other.dtype and np.array_equal(one, other)


LIMIT = 25_000_000
PLAIN = {
    "8 bits": png(greys(1)),
    "4 bits": png(greys(2).quantize(16).convert("L"), bits=4),
    "1 bit": png(greys(3).convert("1")),
    "one pixel": png(greys(4, 1, 1)),
    "large": png(greys(5, 1024, 1024)),
}
OTHER = {
    "palette": png(greys(6).convert("P")),
    "colour": png(greys(7).convert("RGB")),
    "alpha": png(greys(8).convert("LA")),
    "16 bits": png(greys(9).convert("I;16")),
    "a grey that is transparent": png(greys(10), transparency=7),
    "larger": png(greys(11, 1025, 3)),
    "BMP": encoded(greys(12), "BMP"),
}


@pytest.mark.parametrize("case", PLAIN)
def test_plain_png_is_decoded_quickly_to_the_same_pixels(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = pictures._plain_png(PLAIN[case], 10**9)

    assert quick is not None
    assert same(quick, by_pillow(PLAIN[case], monkeypatch))


@pytest.mark.parametrize("case", OTHER)
def test_all_else_is_pillows(case: str) -> None:
    assert pictures._plain_png(OTHER[case], 10**9) is None
    assert decode(OTHER[case]).dtype == np.uint8


def test_text_before_the_pixels_is_pillows() -> None:
    about = PngImagePlugin.PngInfo()
    about.add_text("Comment", "x" * 1000)

    assert pictures._plain_png(png(greys(1), pnginfo=about), 10**9) is None


def test_limit_of_pixels_holds_for_both() -> None:
    assert pictures._plain_png(PLAIN["8 bits"], 31 * 17) is not None
    assert pictures._plain_png(PLAIN["8 bits"], 31 * 17 - 1) is None


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(PLAIN)[:4]), st.integers(0, 2**32))
def test_damaged_files_end_in_pixels_or_one_sentence(case: str, seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(PLAIN[case])
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    damaged = bytes(data[: rng.randrange(1, len(data) + 1)])

    result = outcome(damaged)

    assert isinstance(result, str) or (result.dtype == np.uint8 and result.ndim in (2, 3))


def test_header_that_lies_about_the_size_takes_no_memory() -> None:
    data = bytearray(PLAIN["8 bits"])
    data[16:24] = struct.pack(">II", 2**31 - 1, 2**31 - 1)

    assert pictures._plain_png(bytes(data), 25_000_000) is None
    assert isinstance(outcome(bytes(data)), str)


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.float32])
def test_deep_pictures_are_scaled_in_pieces_as_in_one(dtype: type) -> None:
    values: NDArray[Any] = np.random.default_rng(1).integers(0, 60_000, (700, 900)).astype(dtype)
    data = encoded(Image.fromarray(values), "TIFF")
    low, high = float(values.min()), float(values.max())
    whole = ((values.astype(np.float64) - low) * (255.0 / (high - low))).astype(np.uint8)

    assert np.array_equal(decode(data), whole)


@pytest.mark.parametrize("most", [400_000, 4_000_000])
@pytest.mark.parametrize(("kind", "of_one"), [("PNG", 1), ("WEBP", 1), ("JPEG", 8)])
def test_what_takes_long_is_told_before_it_is_decoded(kind: str, of_one: int, most: int) -> None:
    def decoded(pixels: int) -> int:
        height = pixels // 2000
        return decode(encoded(Image.new("L", (2000, height)), kind), most=most).ndim

    assert decoded(min(most * of_one, LIMIT)) == 2
    if (more := most * of_one + 2000) <= LIMIT:
        with pytest.raises(HeavyPictureError):
            decoded(more)


def test_a_small_plain_png_is_heavy_too_where_little_is_quick() -> None:
    data = encoded(Image.new("L", (800, 800)), "PNG")
    assert decode(data, most=640_000).shape == (800, 800)
    with pytest.raises(HeavyPictureError):
        decode(data, most=400_000)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_pixels_that_are_no_numbers_are_said(value: float) -> None:
    values = np.ones((20, 20), np.float32)
    values[3, 4] = value
    with pytest.raises(PictureError, match="not numbers"):
        decode(encoded(Image.fromarray(values), "TIFF"))


TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""By EXIF's orientation, how an upright picture is turned before it is stored."""


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", TURNS)
def test_a_picture_stands_as_its_exif_says(orientation: int, kind: str) -> None:
    upright = Image.fromarray(np.kron(np.arange(0, 240, 20, dtype=np.uint8).reshape(3, 4), np.ones((16, 16), np.uint8)))
    turn = TURNS[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation

    data = encoded(upright if turn is None else upright.transpose(turn), kind, exif=exif.tobytes())

    assert np.abs(decode(data).astype(int) - np.asarray(upright)).max() <= (12 if kind in ("JPEG", "WEBP") else 0)


def test_exif_that_stands_behind_the_pixels_of_a_png_is_heeded() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = png(greys(1), exif=exif.tobytes())
    place = data.index(b"eXIf") - 4
    chunk = data[place : place + 12 + struct.unpack_from(">I", data, place)[0]]
    moved = data.replace(chunk, b"")
    moved = moved[:-12] + chunk + moved[-12:]

    assert np.array_equal(decode(moved), decode(data))
    assert decode(data).shape == (31, 17)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_damaged_exif_block_is_no_damaged_picture() -> None:
    assert decode(encoded(greys(2), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff")).shape == (17, 31)
