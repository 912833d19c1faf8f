"""Arrays of C: constants that lie in flash memory on small chips."""

from __future__ import annotations

from typing import Any, Iterable, List

import numpy as np
import numpy.typing as npt

WIDTH = 112
"""Of a line, about."""


def array(kind: str, name: str, values: npt.NDArray[Any]) -> str:
    """The definition of an array of whole numbers, in one dimension."""
    words = [str(int(value)) for value in np.ravel(values)]
    body = "\n".join(f"    {line}" for line in _lines(words))
    return f"PROPIS_FLASH({kind}, propis_{name}, {len(words)}) = {{\n{body}\n}};\n"


def _lines(words: Iterable[str]) -> List[str]:
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) > WIDTH:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] else ''}{word},"
    return lines
