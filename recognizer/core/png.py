"""PNG files decoded with numpy and zlib alone (W3C, PNG specification, 2nd edition): all but interlaced ones."""

from __future__ import annotations

import struct
import zlib
from typing import Dict, Iterator, List, Tuple

import numpy as np
import numpy.typing as npt

from recognizer.core.messages import message as _

Bytes = npt.NDArray[np.uint8]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 1_000_000
"""More would take seconds in Python."""
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By the kind of colour: grey, colour, places in a palette, grey and alpha, colour and alpha."""
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
PALETTE = 3
HEADER_BYTES = 13


class PngError(ValueError):
    """A file that is no PNG, is damaged, or is of a kind that is not read here; one sentence."""


def decode(data: bytes) -> Bytes:
    """The pixels (h, w), or (h, w, 2) grey and alpha, (h, w, 3) colour, (h, w, 4) colour and alpha. Raises PngError."""
    chunks = _chunks(data)
    width, height, depth, kind = _header(chunks)
    channels = CHANNELS[kind]
    row_bytes = (width * channels * depth + 7) // 8
    rows = _unfiltered(_inflated(chunks, height * (row_bytes + 1)), row_bytes, max(1, channels * depth // 8))
    values = _values(rows, width * channels, depth)
    if kind == PALETTE:
        return _coloured(values, chunks)
    if depth < 8:
        values = values * np.uint8(255 // ((1 << depth) - 1))
    return values if channels == 1 else values.reshape(height, width, channels)


def _chunks(data: bytes) -> Dict[bytes, List[bytes]]:
    """Contents by the chunk's kind, in their order."""
    if not data.startswith(SIGNATURE):
        raise PngError(_("This is not a PNG file."))
    found: Dict[bytes, List[bytes]] = {}
    for kind, content in _each_chunk(data):
        found.setdefault(kind, []).append(content)
    return found


def _each_chunk(data: bytes) -> Iterator[Tuple[bytes, bytes]]:
    offset = len(SIGNATURE)
    while offset + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, offset)
        end = offset + 8 + length
        checked = data[offset + 4 : end]
        if end + 4 > len(data) or zlib.crc32(checked) != struct.unpack_from(">I", data, end)[0]:
            raise PngError(_("The PNG file is damaged or cut short."))
        yield checked[:4], checked[4:]
        if checked[:4] == b"IEND":
            return
        offset = end + 4
    raise PngError(_("The PNG file is damaged or cut short."))


def _header(chunks: Dict[bytes, List[bytes]]) -> Tuple[int, int, int, int]:
    """Width, height, depth and kind of colour."""
    content = chunks.get(b"IHDR", [b""])[0]
    if len(content) != HEADER_BYTES:
        raise PngError(_("The PNG file is damaged or cut short."))
    width, height, depth, kind, packing, filtering, interlacing = struct.unpack(">IIBBBBB", content)
    if kind not in CHANNELS or depth not in DEPTHS[kind] or packing or filtering or interlacing > 1:
        raise PngError(_("The PNG file names a kind of colour or of packing that does not exist."))
    if interlacing:
        raise PngError(_("The PNG file is interlaced: Pillow is needed to read it."))
    if not 0 < width * height <= MOST_PIXELS:
        raise PngError(
            _("A PNG file has between 1 and %(most)s pixels; Pillow reads larger ones.") % {"most": f"{MOST_PIXELS:,}"}
        )
    return width, height, depth, kind


def _inflated(chunks: Dict[bytes, List[bytes]], expected: int) -> bytes:
    """The filtered rows, never more of them than there can be."""
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(b"".join(chunks.get(b"IDAT", [])), expected + 1)
    except zlib.error as error:
        raise PngError(_("The PNG file is damaged or cut short.")) from error
    if len(content) != expected:
        raise PngError(_("The PNG file is damaged or cut short."))
    return content


def _unfiltered(content: bytes, row_bytes: int, step: int) -> Bytes:
    """Rows (h, row_bytes) of what each row's filter made of them; a pixel's neighbour is `step` bytes to the left."""
    filtered = np.frombuffer(content, np.uint8).reshape(-1, row_bytes + 1)
    rows = np.empty((len(filtered), row_bytes), np.uint8)
    above = np.zeros(row_bytes, np.uint8)
    for row, line in zip(rows, filtered):
        if line[0] >= len(_FILTERS):
            raise PngError(_("The PNG file is damaged or cut short."))
        row[:] = _FILTERS[line[0]](line[1:], above, step)
        above = row
    return rows


def _plain(line: Bytes, above: Bytes, step: int) -> Bytes:
    return line


def _sub(line: Bytes, above: Bytes, step: int) -> Bytes:
    padded = np.zeros(-(-len(line) // step) * step, np.uint8)
    padded[: len(line)] = line
    return np.add.accumulate(padded.reshape(-1, step), axis=0, dtype=np.uint8).reshape(-1)[: len(line)]


def _up(line: Bytes, above: Bytes, step: int) -> Bytes:
    return line + above


def _average(line: Bytes, above: Bytes, step: int) -> Bytes:
    made = bytearray(step) + line.tobytes()
    for place, upper in enumerate(above.tolist(), start=step):
        made[place] = (made[place] + (made[place - step] + upper) // 2) & 255
    return np.frombuffer(bytes(made[step:]), np.uint8)


def _paeth(line: Bytes, above: Bytes, step: int) -> Bytes:
    made = bytearray(step) + line.tobytes()
    corner_and_above = bytes(step) + above.tobytes()
    for place in range(step, len(made)):
        left, upper, corner = made[place - step], corner_and_above[place], corner_and_above[place - step]
        to_left, to_upper, to_corner = abs(upper - corner), abs(left - corner), abs(left + upper - 2 * corner)
        nearest = left if to_left <= to_upper and to_left <= to_corner else upper if to_upper <= to_corner else corner
        made[place] = (made[place] + nearest) & 255
    return np.frombuffer(bytes(made[step:]), np.uint8)


_FILTERS = (_plain, _sub, _up, _average, _paeth)


def _values(rows: Bytes, count: int, depth: int) -> Bytes:
    """Values (h, count) of rows of bytes: of 16 bits the upper eight, of fewer than 8 as they are."""
    if depth == 16:
        return np.ascontiguousarray(rows[:, ::2])
    if depth == 8:
        return rows
    parts = rows[:, :, np.newaxis] >> np.arange(8 - depth, -1, -depth, dtype=np.uint8) & np.uint8((1 << depth) - 1)
    return np.ascontiguousarray(parts.reshape(len(rows), -1)[:, :count])


def _coloured(places: Bytes, chunks: Dict[bytes, List[bytes]]) -> Bytes:
    """Colours (h, w, 4) of places in the palette."""
    palette = np.frombuffer(chunks.get(b"PLTE", [b""])[0], np.uint8)
    if len(palette) % 3 or int(places.max()) >= len(palette) // 3:
        raise PngError(_("The PNG file is damaged or cut short."))
    colours = np.full((len(palette) // 3, 4), 255, np.uint8)
    colours[:, :3] = palette.reshape(-1, 3)
    alpha = np.frombuffer(chunks.get(b"tRNS", [b""])[0], np.uint8)[: len(colours)]
    colours[: len(alpha), 3] = alpha
    return colours[places]
