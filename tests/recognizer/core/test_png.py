"""PNG files are decoded as Pillow decodes them, or refused in one sentence."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from recognizer.core import png
from recognizer.core.png import PngError, decode

MODES = ("1", "L", "LA", "RGB", "RGBA", "P", "I;16")


def pixels(height: int, width: int, mode: str, seed: int = 1) -> Image.Image:
    """A picture that is smooth in one half and noise in the other."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    smooth = np.stack([(x * 5 + y * 3 * k) % 256 for k in range(1, 5)], axis=2)
    noise = rng.integers(0, 256, smooth.shape)
    image = Image.fromarray(np.where((x < width // 2)[..., None], smooth, noise).astype(np.uint8))
    if mode == "I;16":
        return Image.fromarray((np.asarray(image.convert("L")).astype(np.uint16) << 8) + 7)
    return image.convert(mode)


def file_of(image: Image.Image, **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, "PNG", **options)
    return content.getvalue()


def expected(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode == "I;16":
        return (np.asarray(image) >> 8).astype(np.uint8)
    return np.asarray(image.convert({"1": "L", "P": "RGBA"}.get(image.mode, image.mode)))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [(1, 1), (28, 28), (37, 51)])
def test_every_kind_of_colour(mode: str, size: tuple[int, int]) -> None:
    image = pixels(*size, mode)
    assert (decode(file_of(image)) == expected(image)).all()


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_few_colours(bits: int) -> None:
    image = pixels(9, 13, "L").quantize(2**bits)
    content = file_of(image, bits=bits)
    assert content[24] == bits
    assert (decode(content) == np.asarray(image.convert("RGBA"))).all()


def test_a_palette_with_transparency() -> None:
    image = pixels(9, 13, "L").quantize(8)
    content = file_of(image, transparency=bytes([0, 128]))
    assert (decode(content) == np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))).all()


@pytest.mark.parametrize("kind", range(5))
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_every_filter(kind: int, channels: int) -> None:
    """Rows as an encoder makes them with this filter: what comes out is read by Pillow, too."""
    rng = np.random.default_rng(kind)
    filtered = rng.integers(0, 256, (11, 1 + 7 * channels), dtype=np.uint8)
    filtered[:, 0] = kind
    colour = {1: 0, 3: 2, 4: 6}[channels]
    content = made(7, 11, 8, colour, filtered.tobytes())
    assert (decode(content) == np.asarray(Image.open(io.BytesIO(content)))).all()


def made(width: int, height: int, depth: int, colour: int, rows: bytes, interlaced: int = 0) -> bytes:
    """A file of these filtered rows."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    parts = [struct.pack(">I", len(c)) + k + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in chunks]
    return png.SIGNATURE + b"".join(parts)


def test_a_file_cut_short_or_changed() -> None:
    content = file_of(pixels(28, 28, "L"))
    for end in range(0, len(content), 41):
        with pytest.raises(PngError):
            decode(content[:end])
    for place in range(8, len(content) - 12, 53):
        with pytest.raises(PngError, match=r"damaged|kind of colour"):
            decode(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"GIF89a", "not a PNG"),
        (made(2, 2, 8, 0, bytes(6), interlaced=1), "interlaced: Pillow"),
        (made(2, 2, 3, 0, bytes(6)), "kind of colour"),
        (made(2, 2, 8, 5, bytes(6)), "kind of colour"),
        (made(0, 2, 8, 0, b""), "between 1 and 1,000,000 pixels"),
        (made(10**5, 10**5, 8, 0, b""), "between 1 and 1,000,000 pixels"),
        (made(2, 2, 8, 0, bytes(7)), "damaged"),
        (made(2, 2, 8, 0, bytes(10**7)), "damaged"),
        (made(2, 2, 8, 0, bytes([5, 0, 0, 0, 0, 0])), "damaged"),
        (made(2, 2, 8, 3, bytes(6)), "damaged"),
    ],
)
def test_what_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(PngError, match=sentence):
        decode(content)
