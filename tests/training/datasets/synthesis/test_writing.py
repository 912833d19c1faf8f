"""The random hand and its pens: near the skeleton, never twice the same, whole on the picture."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.core.ink import specification
from training.datasets.synthesis import pens
from training.datasets.synthesis.curves import curves
from training.datasets.synthesis.hand import Hand, write
from training.datasets.synthesis.skeletons import skeletons

STILL = Hand(
    carelessness=0, points=0, stroke_shift=0, stroke_turn=0, stroke_stretch=0, overshoot=0, tremor=0,
    roundness=(0, 0), bend=0, slant=(0, 0), turn=0, aspect=(0, 0), joined=0,
)  # fmt: skip
SOME = skeletons()[::17]


def drawn(seed: int) -> list[bytes]:
    rng = np.random.default_rng(seed)
    return [picture.tobytes() for picture in pens.pictures(write(SOME[0], 5, rng), rng)]


def test_a_hand_that_does_not_vary_writes_the_skeleton() -> None:
    for skeleton in SOME:
        written = write(skeleton, 2, np.random.default_rng(0), STILL)
        for stroke, curve in zip(written.strokes, curves(skeleton), strict=True):
            assert np.allclose(stroke, curve.sharp @ curve.points)


@pytest.mark.parametrize(
    "change",
    [
        {"points": 3.0}, {"stroke_shift": 3.0}, {"stroke_turn": 0.1}, {"stroke_stretch": 0.1}, {"overshoot": 5.0},
        {"tremor": 1.0}, {"roundness": (0.2, 0.9)}, {"bend": 0.1}, {"slant": (0.0, 0.2)}, {"turn": 0.1},
        {"aspect": (0.0, 0.2)},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_each_way_of_varying_moves_the_letter_and_each_letter_otherwise(change: dict[str, float]) -> None:
    still = write(SOME[0], 1, np.random.default_rng(0), STILL).strokes[0][0]

    strokes = write(SOME[0], 3, np.random.default_rng(0), replace(STILL, **change)).strokes[0]  # type: ignore[arg-type]

    assert not any(np.allclose(stroke, still) for stroke in strokes)
    assert not np.allclose(strokes[0], strokes[1])
    assert np.abs(strokes - still).max() < 60, "it is still the letter"


def test_slant_leans_to_the_right() -> None:
    upright = next(each for each in skeletons() if each.letter == "Г")

    stroke = write(upright, 1, np.random.default_rng(0), replace(STILL, slant=(0.3, 0))).strokes[0][0]

    top, bottom = stroke[stroke[:, 1].argmin()], stroke[stroke[:, 1].argmax()]
    assert top[0] - bottom[0] > 20


def test_joined_strokes_become_one() -> None:
    skeleton = next(each for each in skeletons() if len(each.strokes) == 3)

    apart = write(skeleton, 1, np.random.default_rng(0), STILL).drawing(0)
    joined = write(skeleton, 1, np.random.default_rng(0), replace(STILL, joined=1)).drawing(0)

    assert (len(apart), len(joined)) == (3, 1)
    assert joined[0] == apart[0] + apart[1] + apart[2]


def test_same_seed_gives_the_same_pictures() -> None:
    assert drawn(1) == drawn(1) != drawn(2)
    assert len(set(drawn(1))) == 5


def ink_box(pixels: NDArray[np.bool_]) -> tuple[int, int]:
    rows, columns = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
    return int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)


def test_letters_lie_whole_on_their_pictures_in_the_sizes_asked_for() -> None:
    rng = np.random.default_rng(3)
    longest = []
    for skeleton in SOME:
        for picture in pens.pictures(write(skeleton, 4, rng), rng):
            ink = ~np.asarray(picture)
            assert picture.size == (pens.SIDE, pens.SIDE)
            assert ink.sum() == ink[1:-1, 1:-1].sum(), "nothing touches the edge"
            longest.append(max(ink_box(ink)))
    low, high = pens.INK
    assert low - 1 <= min(longest)
    assert max(longest) <= high * (1 + 2 * pens.THICKNESS[1]) + 2


def test_picture_and_strokes_of_a_letter_make_nearly_the_same_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a picture that is imported, and as strokes that the draw page sends."""
    monkeypatch.setattr(pens, "THICKNESS", (0.08, 0.1))
    monkeypatch.setattr(pens, "NIB", 0.0)
    ink = specification("moments-1")
    rng = np.random.default_rng(4)
    for skeleton in SOME[:12]:
        written = write(skeleton, 1, rng)
        (picture,) = pens.pictures(written, rng)
        from_picture = ink.from_picture(np.asarray(picture.convert("L"))).astype(float)
        from_strokes = ink.from_strokes(written.drawing(0)).astype(float)
        assert np.corrcoef(from_picture, from_strokes)[0, 1] > 0.9, skeleton.letter
