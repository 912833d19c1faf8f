"""The tables of skeletons: each letter in several ways, read as they are written; their curves."""

from collections import Counter

import numpy as np
import pytest

from recognizer.core.alphabet import RUSSIAN
from training.datasets.synthesis.curves import STEP, curves
from training.datasets.synthesis.skeletons import STYLES, TABLES, Skeleton, SkeletonError, read_table, shares, skeletons


def test_each_letter_is_written_in_each_style_and_in_three_ways_at_least() -> None:
    ways = Counter((skeleton.letter, skeleton.style) for skeleton in skeletons())

    assert {letter for letter, _style in ways} == set(RUSSIAN)
    for letter in RUSSIAN:
        assert all(ways[letter, style] for style in STYLES), letter
        assert sum(ways[letter, style] for style in STYLES) >= 3


def test_no_two_skeletons_are_the_same() -> None:
    assert len({(each.letter, each.style, each.strokes) for each in skeletons()}) == len(skeletons())


def test_d_and_t_are_written_with_one_stroke_and_with_more() -> None:
    strokes = {letter: {len(each.strokes) for each in skeletons() if each.letter == letter} for letter in "ДТ"}

    assert {1, 2} <= strokes["Д"]
    assert {1, 2, 4} <= strokes["Т"]


@pytest.mark.parametrize("letter", RUSSIAN)
def test_shares_add_up_and_follow_styles_and_weights(letter: str) -> None:
    mine = shares(letter)
    by_style: Counter[str] = Counter()
    for index, share in mine.items():
        assert skeletons()[index].letter == letter
        by_style[skeletons()[index].style] += share  # type: ignore[assignment]  # shares, not counts

    assert dict(by_style) == pytest.approx(STYLES)


def test_an_unknown_letter_has_none() -> None:
    assert shares("Q") == {}


def test_corners_cut_a_stroke_and_a_reference_adds_strokes() -> None:
    e, yo = read_table("printed", "# a comment\nЕ 2 0,0 10,0! 10,20 | 5,5 6,6\n\nЁ 3 = Е + 1,-2 3,-2")

    assert e == Skeleton("Е", "printed", 2, ((((0, 0), (10, 0)), ((10, 0), (10, 20))), (((5, 5), (6, 6)),)))
    assert (yo.letter, yo.weight) == ("Ё", 6)
    assert yo.strokes == (*e.strokes, (((1, -2), (3, -2)),))


@pytest.mark.parametrize(
    "line", ["А", "А x 0,0 1,1", "А 1 0,0", "А 1 0,0 1", "А 1 0,0 1,1,1", "А 1 0,0 a,b", "А 1 = Б + 0,0 1,1"]
)
def test_a_bad_line_is_named(line: str) -> None:
    with pytest.raises(SkeletonError, match="printed, line 2: "):
        read_table("printed", f"# head\n{line}")


def test_curves_pass_through_every_point_and_keep_their_ends() -> None:
    for skeleton in skeletons():
        for curve in curves(skeleton):
            sharp, rounded = curve.sharp @ curve.points, curve.round @ curve.points
            nearest = np.linalg.norm(curve.points[:, None] - sharp[None], axis=2).min(axis=1)
            assert nearest.max() < STEP
            assert np.allclose(sharp[[0, -1]], curve.points[[0, -1]])
            assert np.allclose(rounded[[0, -1]], curve.points[[0, -1]])
            assert np.linalg.norm(np.diff(sharp, axis=0), axis=1).max() < 4 * STEP


def test_a_straight_piece_is_straight_and_a_rounded_corner_is_cut() -> None:
    (skeleton,) = read_table("printed", "Г 1 0,100 0,0! 100,0")
    (curve,) = curves(skeleton)

    sharp, rounded = curve.sharp @ curve.points, curve.round @ curve.points
    assert np.all((np.abs(sharp[:, 0]) < 1e-9) | (np.abs(sharp[:, 1]) < 1e-9))
    corner = curve.corners[1]
    assert np.allclose(sharp[corner], 0)
    assert np.linalg.norm(rounded[corner]) > 4


def test_tables_stand_beside_the_code() -> None:
    assert {path.stem for path in TABLES.glob("*.txt")} == set(STYLES)
