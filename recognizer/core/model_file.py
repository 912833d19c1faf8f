"""The model file: one .npz of a card (`card.json`) and each layer's weights and biases, or a packed one (`packed`).

Files come from strangers, so nothing is trusted: sizes are checked before memory is spent, nothing is
unpickled, and members are stored uncompressed, so that none can grow. See docs/model-file.md and docs/packed-file.md.
"""

from __future__ import annotations

import hashlib
import io
import math
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Union

import numpy as np
import numpy.typing as npt

from recognizer.core import packed
from recognizer.core.files import replacing
from recognizer.core.messages import message as _
from recognizer.core.model_card import MAX_LAYERS, MAX_PARAMETERS, ModelCard, ModelFileError
from recognizer.core.network import Network, NetworkError
from recognizer.core.precision import AnyNetwork, IntegerNetwork, to_half
from recognizer.core.zipped import archive_of

__all__ = ["MAX_FILE_BYTES", "ModelCard", "ModelFile", "ModelFileError", "read", "to_bytes", "write"]

CARD = "card.json"
MAX_CARD_BYTES = 1 << 18
MAX_FILE_BYTES = 4 * MAX_PARAMETERS + MAX_CARD_BYTES + (1 << 16)
"""The largest model file that is read: the most parameters in float32, and their card."""
DTYPES = {"fp32": "<f4", "fp16": "<f2"}
"""What the arrays of each precision are stored as: little-endian floats."""
BYTES = {"fp32": 4, "fp16": 2}
NPY_MAGIC = b"\x93NUMPY\x01\x00"

Array = npt.NDArray[np.floating]
Float32 = npt.NDArray[np.float32]


# What zipfile raises for archives that are damaged or made up.
_ZIP_ERRORS = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError, struct.error)


@dataclass(frozen=True)
class ModelFile:
    """A model file as it was read: its network, its card, the file's SHA-256.

    The network computes in float32 with the parameters that are stored; in whole numbers, if they are such.
    """

    network: AnyNetwork
    card: ModelCard
    sha256: str


def to_bytes(network: AnyNetwork, card: ModelCard, *, is_packed: bool = False) -> bytes:
    """The model file: the same bytes for the same network and card. Raises ModelFileError.

    `is_packed` asks for the small file with the short card, which precisions of whole numbers always have.
    """
    if (card.sizes, card.activation) != (network.sizes, network.activation):
        raise ModelFileError(_("The model's card gives other layer sizes or another activation than its network."))
    if is_packed or card.precision not in DTYPES:
        return packed.to_bytes(network, card)
    if isinstance(network, IntegerNetwork):
        raise ModelFileError(_("The model's card gives another precision than its network."))
    text = card.to_json().encode("utf-8")
    if len(text) > MAX_CARD_BYTES:
        raise ModelFileError(
            _("The model's card is longer than %(max_card_bytes)s bytes.") % {"max_card_bytes": f"{MAX_CARD_BYTES:,}"}
        )
    arrays = zip(_array_names(len(card.sizes) - 1), _arrays(network, card.precision))
    members = {name: _header(array.shape, card.precision) + array.tobytes() for name, array in arrays}
    return archive_of({CARD: text, **members})


def write(path: Union[str, Path], network: AnyNetwork, card: ModelCard) -> str:
    """Write a model file and return its SHA-256; a reader sees the whole file or none.

    Raises ModelFileError, and OSError when the disk refuses.
    """
    content = to_bytes(network, card)
    with replacing(Path(path)) as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest()


def read(source: Union[str, Path, bytes]) -> ModelFile:
    """Read a model file from a path or from bytes. Raises ModelFileError, and OSError for a path."""
    content = source if isinstance(source, bytes) else _file_bytes(Path(source))
    if len(content) > MAX_FILE_BYTES:
        raise ModelFileError(
            _("The model file is larger than %(max_file_bytes)s bytes.") % {"max_file_bytes": f"{MAX_FILE_BYTES:,}"}
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            network, card = _read_archive(archive, content)
    except ModelFileError:
        raise
    except _ZIP_ERRORS as error:
        raise ModelFileError(_("The file is not a model file (.npz), or it is damaged or cut off.")) from error
    return ModelFile(network, card, hashlib.sha256(content).hexdigest())


def _file_bytes(path: Path) -> bytes:
    """The file's bytes, or one more than is allowed, whatever it says of its own size."""
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)


def _read_archive(archive: zipfile.ZipFile, content: bytes) -> tuple[AnyNetwork, ModelCard]:
    if packed.is_packed({member.filename for member in archive.infolist()}):
        return _read_packed(archive, content)
    names = _checked_names(archive)
    card = ModelCard.from_json(archive.read(CARD))
    if card.precision not in DTYPES:
        raise ModelFileError(
            _("The model's card has a bad “%(name)s”: it must be %(rule)s.")
            % {"name": "precision", "rule": ", ".join(DTYPES)}
        )
    layers = len(card.sizes) - 1
    expected = _array_names(layers)
    if names != {CARD, *expected}:
        raise ModelFileError(
            _("The model file must hold %(card)s, %(expected)s, and nothing else.")
            % {"card": CARD, "expected": ", ".join(expected)}
        )
    shapes = _shapes(card.sizes)
    arrays = [_read_array(archive, name, shape, card.precision) for name, shape in zip(expected, shapes)]
    return Network(tuple(arrays[:layers]), tuple(arrays[layers:]), card.activation), card


def _read_packed(archive: zipfile.ZipFile, content: bytes) -> tuple[AnyNetwork, ModelCard]:
    """Network and card of a packed file, in which every byte is as `to_bytes` writes it."""
    [member] = archive.infolist()
    if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1:
        raise ModelFileError(_("The model file has compressed or encrypted members; a model file has none."))
    packed_bytes = archive.read(member)
    if archive_of({packed.MEMBER: packed_bytes}) != content:
        raise ModelFileError(_("The packed model file is damaged: its archive is not as it was written."))
    return packed.from_member(packed_bytes)


def _checked_names(archive: zipfile.ZipFile) -> set[str]:
    """Names of the members, of which none is compressed, so that none is larger than the file."""
    members = archive.infolist()
    names = {member.filename for member in members}
    if CARD not in names or len(names) != len(members) or len(members) > 2 * MAX_LAYERS + 1:
        raise ModelFileError(
            _("The file is not a model file: it has no %(card)s, or members too many or twice.") % {"card": CARD}
        )
    if any(member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1 for member in members):
        raise ModelFileError(_("The model file has compressed or encrypted members; a model file has none."))
    if archive.getinfo(CARD).file_size > MAX_CARD_BYTES:
        raise ModelFileError(
            _("The model's card is longer than %(max_card_bytes)s bytes.") % {"max_card_bytes": f"{MAX_CARD_BYTES:,}"}
        )
    return names


def _read_array(archive: zipfile.ZipFile, name: str, shape: tuple[int, ...], precision: str) -> Float32:
    """One array as float32, after its size and its header were found to be what the card promises."""
    header = _header(shape, precision)
    if archive.getinfo(name).file_size != len(header) + _n_bytes(shape, precision):
        raise ModelFileError(_("The array “%(name)s” does not have the size that the card gives it.") % {"name": name})
    content = archive.read(name)
    if not content.startswith(header):
        raise ModelFileError(
            _("The array “%(name)s” is not of shape %(shape)s and precision %(precision)s, as the card says.")
            % {"name": name, "shape": shape, "precision": precision}
        )
    array = np.frombuffer(content, DTYPES[precision], offset=len(header)).reshape(shape)
    if not np.isfinite(array).all():
        raise ModelFileError(_("The array “%(name)s” has values that are infinite or not numbers.") % {"name": name})
    return array.astype(np.float32)


def _header(shape: tuple[int, ...], precision: str) -> bytes:
    """The .npy header, version 1.0, of an array: the one way of writing it that is read here."""
    text = f"{{'descr': '{DTYPES[precision]}', 'fortran_order': False, 'shape': {shape}, }}"
    padding = -(len(NPY_MAGIC) + 2 + len(text) + 1) % 64
    line = (text + " " * padding + "\n").encode("ascii")
    return NPY_MAGIC + struct.pack("<H", len(line)) + line


def _n_bytes(shape: tuple[int, ...], precision: str) -> int:
    return math.prod(shape) * BYTES[precision]


def _array_names(layers: int) -> list[str]:
    """Members in their order: the weights of every layer, then the biases."""
    return [f"{kind}_{layer}.npy" for kind in ("weights", "biases") for layer in range(1, layers + 1)]


def _shapes(sizes: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Shapes of the arrays in their order."""
    return [*zip(sizes[1:], sizes[:-1]), *((size,) for size in sizes[1:])]


def _arrays(network: Network, precision: str) -> list[Array]:
    """The arrays in their order, as they are stored."""
    try:
        stored = to_half(network) if precision == "fp16" else network
    except NetworkError as error:
        raise ModelFileError(str(error)) from error
    arrays: list[Array] = [*stored.weights, *stored.biases]
    if not all(np.isfinite(array).all() for array in arrays):
        raise ModelFileError(_("The network has parameters that are infinite or not numbers; it is not worth keeping."))
    return [array.astype(np.dtype(DTYPES[precision]), copy=False) for array in arrays]
