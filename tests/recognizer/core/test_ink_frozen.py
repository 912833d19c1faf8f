"""Stored models depend on the bytes of their ink specification: another byte is another specification."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from recognizer.core.ink import SPECIFICATIONS, specification
from recognizer.core.ink.strokes import frame_from_strokes
from tests.recognizer.core.drawings import LETTERS

PAGE = Path(__file__).parents[3] / "docs" / "ink.md"
STROKES = {
    "directions-1": "77594a33d7f590a5647c8b604de27aff78c4f93295db5d688b1266f159ab6299",
    "directions-1-coarse": "f0362c2d736f7199be944a4b0554dc37e4aa2a276c398d981fcf6f27c81a8965",
    "directions-1-fine": "41d48e7870ecc9e3c84caa5558dd39062d587a48acedd4937eb631d3301aca8c",
    "moments-1": "9fb64ee692f9a492ec87dbf3cb99454df0cf800f41701cc4bb44e1f925a9d57f",
    "moments-2": "883a893a800d0aed4f70a9ed34ce4f8a861ed07343cc5020bcf623e5b6aa48cf",
    "raw-28": "9f2d28bac31ac8d4e81be20ae7ca7858ebf63f1ac5a29e47bd31b07a291ea337",
}
PICTURES = {
    "directions-1": "30fc240d779bad7af8399d9f8db82da6f1d6aec80a3f5bae33fdf8b6559034f2",
    "directions-1-coarse": "40d6e4a64370f5bb8b9013399dd98051e8e131fbfd0ab45f254c8a3b7e89a656",
    "directions-1-fine": "d417bd38589be6371a7a504df9a5906a5a7addfc98f7b20631a53684e3c55a25",
    "moments-1": "64734689207515a615c492fd294360eef4b79875e8244f23f34001365d479ef4",
    "moments-2": "fa61545f970492c03813373b1fef22ec0674d359d3381f67a95f02322269221a",
    "raw-28": "f20318e8a332a1eeafb47d7af6c27058b4ffbcd669d34f2002407e9fd550cd20",
}


@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_every_specification_is_frozen_and_described(name: str) -> None:
    assert name in STROKES
    assert name in PICTURES
    assert f"`{name}`" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "digest"), STROKES.items())
def test_strokes(name: str, digest: str) -> None:
    inputs = b"".join(specification(name).from_strokes(drawing).tobytes() for drawing in LETTERS.values())
    assert hashlib.sha256(inputs).hexdigest() == digest


@pytest.mark.parametrize(("name", "digest"), PICTURES.items())
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
