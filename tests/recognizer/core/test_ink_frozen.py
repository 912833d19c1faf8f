"""Stored models depend on the bytes of their ink specification: another byte is another specification."""

import hashlib

import numpy as np
import pytest

from recognizer.core.ink import specification
from recognizer.core.ink.strokes import frame_from_strokes
from tests.recognizer.core.drawings import LETTERS


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("moments-1", "9fb64ee692f9a492ec87dbf3cb99454df0cf800f41701cc4bb44e1f925a9d57f"),
        ("moments-2", "883a893a800d0aed4f70a9ed34ce4f8a861ed07343cc5020bcf623e5b6aa48cf"),
        ("raw-28", "9f2d28bac31ac8d4e81be20ae7ca7858ebf63f1ac5a29e47bd31b07a291ea337"),
    ],
)
def test_strokes(name: str, digest: str) -> None:
    inputs = b"".join(specification(name).from_strokes(drawing).tobytes() for drawing in LETTERS.values())
    assert hashlib.sha256(inputs).hexdigest() == digest


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("moments-1", "64734689207515a615c492fd294360eef4b79875e8244f23f34001365d479ef4"),
        ("moments-2", "fa61545f970492c03813373b1fef22ec0674d359d3381f67a95f02322269221a"),
        ("raw-28", "f20318e8a332a1eeafb47d7af6c27058b4ffbcd669d34f2002407e9fd550cd20"),
    ],
)
def test_pictures(name: str, digest: str) -> None:
    """Pictures of 28, 84 and 252 px whose greys, polarity and pens differ, made without another library."""
    frames = [frame_from_strokes(drawing) for drawing in LETTERS.values()]
    shade = np.arange(84 * 84).reshape(84, 84) * 37 % 60
    pictures = []
    for frame in frames:
        pictures.append((200 + shade // 2 - frame * (90 + shade)).astype(np.uint8))
        pictures.append((20 + frame[1::3, 1::3] * 180).astype(np.uint8))
        pictures.append(np.kron(255 - 255 * frame, np.ones((3, 3), np.uint8)).astype(np.uint8))
    inputs, has_ink = specification(name).from_pictures(pictures)
    assert has_ink.all()
    assert hashlib.sha256(inputs.tobytes()).hexdigest() == digest
