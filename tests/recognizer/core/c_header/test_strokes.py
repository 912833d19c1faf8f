"""Strokes in C become the bytes of Python: doubles are computed in whole numbers there."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.chip import toolchains
from benchmarks.chip.letters import whole
from recognizer.core.c_header import to_header
from recognizer.core.ink import InkError, specification
from tests.product import need
from training.datasets.synthesis.hand import write
from training.datasets.synthesis.skeletons import skeletons

Drawing = list[NDArray[np.int32]]
OF_A_SKELETON = 5
EMPTY, TOO_MANY, TOO_FAR, SCRIBBLE = 1, 2, 3, 4


def made() -> list[Drawing]:
    """2,220 letters in whole pixels, from 60 to 1,200 of them large."""
    rng = np.random.default_rng(3)
    drawings = []
    for skeleton in skeletons():
        written = write(skeleton, OF_A_SKELETON, rng)
        for index in range(OF_A_SKELETON):
            strokes = [np.array(stroke) for stroke in written.drawing(index)]
            scale = rng.uniform(60, 1200) / np.ptp(np.concatenate(strokes), axis=0).max()
            drawings.append([np.floor(stroke * scale).astype(np.int32) for stroke in strokes])
    return drawings


def points(*values: tuple[int, int]) -> NDArray[np.int32]:
    return np.array(values, np.int32).reshape(-1, 2)


def in_c(drawings: list[Drawing], folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    need(toolchains.has_host(), "gcc")
    content = b"".join(
        np.concatenate([[len(each)], [len(stroke) for stroke in each], *map(np.ravel, each)]).astype("<i4").tobytes()
        for each in drawings
    )
    return toolchains.drawn_on_host(to_header(whole("tiny", "int4")), folder, content)


def in_python(drawing: Drawing) -> NDArray[np.uint8]:
    return specification("moments-2").from_strokes([stroke.tolist() for stroke in drawing])


def test_more_than_2000_drawings(tmp_path: Path) -> None:
    drawings = made()
    assert len(drawings) > 2000
    states, pictures = in_c(drawings, tmp_path)
    assert not states.any()
    assert (pictures == np.stack([in_python(each) for each in drawings])).all()


def test_dots_lines_and_large_numbers(tmp_path: Path) -> None:
    far = 1_000_000
    drawings = [
        [points((5, 5))],
        [points((5, 5), (5, 5), (5, 5))],
        [points((0, 0), (1, 0))],
        [points((0, 0), (0, 7)), points(), points((3, 3))],
        [points((-far, -far), (far, far))],
        [points((far, 0), (far - 1, 1), (far - 2, 0))],
        [points((0, 0), (300, 0), (0, 100), (300, 100))],
        [points(*((x, x * x % 101) for x in range(0, 400, 7)))],
    ]
    states, pictures = in_c(drawings, tmp_path)
    assert not states.any()
    assert (pictures == np.stack([in_python(each) for each in drawings])).all()


def test_what_python_refuses(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    drawings = [
        [],
        [points()],
        [rng.integers(0, 9, (10_001, 2)).astype(np.int32)],
        [points((0, 0))] * 1001,
        [points((0, 0), (1_000_001, 0))],
        [(rng.integers(0, 2, (2000, 2)) * 500).astype(np.int32)],
    ]
    states, _pictures = in_c(drawings, tmp_path)
    assert states.tolist() == [EMPTY, EMPTY, TOO_MANY, TOO_MANY, TOO_FAR, SCRIBBLE]
    for drawing in drawings:
        with pytest.raises(InkError):
            in_python(drawing)
