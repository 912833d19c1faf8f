"""The header: a comment that says what it is, constants, and the code, which is the same for all models."""

from __future__ import annotations

from pathlib import Path
from typing import Dict

import numpy as np

from recognizer.core.c_header import grids, layers
from recognizer.core.c_header.arrays import array
from recognizer.core.ink import specification
from recognizer.core.ink.directions import DIRECTIONS
from recognizer.core.ink.frame import INPUT_SIDE
from recognizer.core.ink.specifications import Directions1
from recognizer.core.messages import message as _
from recognizer.core.model_file import ModelCard, ModelFile
from recognizer.core.precision import INTEGER_BITS, IntegerNetwork
from recognizer.core.precision.levels import LARGEST

SOURCE = Path(__file__).parent / "source"
DIGITS = 16
"""Of the SHA-256 by which a program tells whose figures it prints."""
MOST_NEURONS = 65_535
"""Of a layer: what 16 bits count."""


class CHeaderError(ValueError):
    """A model that cannot be written in C; the message is a sentence for whoever asked for it."""


def to_header(model: ModelFile) -> str:
    """The header of a model of whole numbers that reads directions of strokes: the same text for the same file.

    Raises CHeaderError.
    """
    network, grid = _checked(model)
    parts = [
        _filled("begin.h", _words(model, network)),
        _filled("sizes.h", _sizes(model, network, grid)),
        _names(model.card.letters),
        grids.constants(grid),
        layers.constants(network),
        *(_filled(name, {}) for name in ("reading.h", "directions.h", "layers.h")),
        layers.calls(network),
        *(_filled(name, {}) for name in ("calls.h", "reals.h", "strokes.h", "end.h")),
    ]
    return "\n".join(parts)


def _checked(model: ModelFile) -> tuple[IntegerNetwork, int]:
    """Network and grid, if C can have them."""
    network, card = model.network, model.card
    if not isinstance(network, IntegerNetwork):
        raise CHeaderError(
            _(
                "“%(name)s” computes in floating point (%(precision)s), and C gets whole numbers only: "
                "compress it to %(precisions)s first."
            )
            % {"name": card.name, "precision": card.precision, "precisions": ", ".join(INTEGER_BITS)}
        )
    ink = specification(card.ink_specification)
    if not isinstance(ink, Directions1):
        raise CHeaderError(
            _("“%(name)s” reads %(ink)s, and C knows only directions of strokes (directions-1, -coarse, -fine).")
            % {"name": card.name, "ink": card.ink_specification}
        )
    if max(network.sizes) > MOST_NEURONS:
        raise CHeaderError(
            _("“%(name)s” has a layer of more than %(most)s neurons: it is too large for C.")
            % {"name": card.name, "most": f"{MOST_NEURONS:,}"}
        )
    return network, ink.grid


def _words(model: ModelFile, network: IntegerNetwork) -> Dict[str, str]:
    """What the comment says of the model."""
    card = model.card
    return {
        "name": _of_comment(card.name),
        "sha256": model.sha256,
        "letters": _of_comment(card.letters),
        "shape": "-".join(map(str, card.sizes)),
        "activation": card.activation,
        "precision": card.precision,
        "ink": card.ink_specification,
        "licence": _licence(card),
        "parameters": f"{network.parameter_count:,}",
    }


def _licence(card: ModelCard) -> str:
    return _of_comment(card.licence) or "that of the model that it was made from, see its card"


def _sizes(model: ModelFile, network: IntegerNetwork, grid: int) -> Dict[str, str]:
    bits = INTEGER_BITS[network.precision]
    return {
        "model": model.sha256[:DIGITS],
        "letters": str(network.sizes[-1]),
        "inputs": str(network.sizes[0]),
        "side": str(INPUT_SIDE),
        "directions": str(DIRECTIONS),
        "grid": str(grid),
        "widest": str(layers.widest(network)),
        "bits": str(bits),
        "largest": str(LARGEST[bits]),
        "relu": str(int(network.activation == "relu")),
        "weight": "int8_t" if bits == 8 else "uint8_t",
    }


def _names(letters: str) -> str:
    """Letters in UTF-8, each with as many bytes as the longest, and a 0."""
    coded = [letter.encode("utf-8") for letter in letters]
    length = max(map(len, coded)) + 1
    padded = np.frombuffer(b"".join(name.ljust(length, b"\0") for name in coded), np.uint8)
    return f"#define PROPIS_NAME_BYTES {length}\n" + array("uint8_t", "names", padded)


def _of_comment(text: str) -> str:
    """The text, without what would end a comment or begin one in it."""
    return text.replace("*/", "* /").replace("/*", "/ *").replace("*/", "* /")


def _filled(name: str, words: Dict[str, str]) -> str:
    """A part of the code, with @words@ put in."""
    text = (SOURCE / name).read_text(encoding="utf-8")
    for key, value in words.items():
        text = text.replace(f"@{key}@", value)
    return text
