"""Pictures of any size, polarity and contrast give nearly the input that their strokes give."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recognizer.core.ink import EmptyInkError, InkError, specification
from recognizer.core.ink.moments import inputs_from_frames
from recognizer.core.ink.pictures import thickness, to_masks, window_counts, without_specks
from recognizer.core.ink.placing import frames_from_masks
from tests.recognizer.core import ink_reference
from tests.recognizer.core.drawings import LETTERS, picture_of
from tests.recognizer.core.ink_reference_pictures import frame_of, mask_of

Picture = npt.NDArray[np.uint8]
MOMENTS = specification("moments-1")
UPRIGHT = specification("moments-2")
RAW = specification("raw-28")


def difference(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    """Mean difference of two inputs, of 255."""
    return float(np.abs(one.astype(int) - other).mean())


def with_noise(picture: Picture, sigma: float) -> Picture:
    noise = np.random.default_rng(3).normal(0, sigma, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def as_alpha(colour: int) -> Callable[[Picture], Picture]:
    """The stroke in the alpha channel, one colour everywhere."""
    return lambda picture: np.dstack([np.full((*picture.shape, 3), colour, np.uint8), 255 - picture])


def on_card(paper: int) -> Callable[[Picture], Picture]:
    """An opaque card with a transparent edge, which is black underneath."""

    def place(picture: Picture) -> Picture:
        grey = picture if paper == 255 else 255 - picture
        alpha = np.full_like(grey, 255)
        alpha[:6] = alpha[-6:] = alpha[:, :6] = alpha[:, -6:] = 0
        return np.dstack([np.where(alpha > 0, grey, 0).astype(np.uint8), alpha])

    return place


def with_specks(picture: Picture) -> Picture:
    rng = np.random.default_rng(5)
    specked = picture.copy()
    specked[rng.integers(0, len(picture), 25), rng.integers(0, len(picture), 25)] = 0
    return specked


SHOWN: dict[str, Callable[[Picture], Picture]] = {
    "as it is": lambda picture: picture,
    "light on dark": lambda picture: 255 - picture,
    "grey on grey": lambda picture: (90 + picture * (60 / 255)).astype(np.uint8),
    "faint pencil": lambda picture: (235 - (255 - picture) * (24 / 255)).astype(np.uint8),
    "faint pencil, grainy": lambda picture: with_noise((220 - (255 - picture) * (40 / 255)).astype(np.uint8), 4),
    "chalk, grainy": lambda picture: with_noise((30 + (255 - picture) * (150 / 255)).astype(np.uint8), 5),
    "specks": with_specks,
    "colour": lambda picture: np.dstack([picture, np.full_like(picture, 255), np.full_like(picture, 255)]),
    "black in alpha": as_alpha(0),
    "white in alpha": as_alpha(255),
    "red in alpha": lambda picture: np.dstack([np.full_like(picture, 200), picture * 0, picture * 0, 255 - picture]),
    "white card": on_card(255),
    "black card": on_card(0),
    "off-centre": lambda picture: np.pad(picture, ((0, 300), (150, 0)), constant_values=255),
    "tight": lambda picture: picture[35:-35, 35:-35],
    "two levels": lambda picture: np.where(picture < 128, 0, 255).astype(np.uint8),
}


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("shown", SHOWN)
def test_picture_gives_what_its_strokes_give(letter: str, shown: str) -> None:
    picture = SHOWN[shown](picture_of(LETTERS[letter]))
    assert difference(MOMENTS.from_picture(picture), MOMENTS.from_strokes(LETTERS[letter])) < 14


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize(
    ("side", "pen", "margin"),
    [
        (28, 2, 4),
        (28, 3.5, 4),
        (40, 1.5, 3),
        (100, 4, 20),
        (278, 2, 20),
        (278, 24, 60),
        (1500, 12, 500),
        (2000, 150, 300),
    ],
)
def test_size_and_pen_matter_little(letter: str, side: int, pen: float, margin: int) -> None:
    picture = picture_of(LETTERS[letter], side=side, pen=pen, margin=margin)
    assert difference(MOMENTS.from_picture(picture), MOMENTS.from_strokes(LETTERS[letter])) < (16 if side > 28 else 23)


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40), elements=st.integers(0, 255)))
def test_any_picture_follows_the_reference(greys: Picture) -> None:
    masks, _ = to_masks(greys[None])
    assert masks[0].tolist() == mask_of(greys.tolist())


@settings(max_examples=20, deadline=None)
@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.integers(0, 1)))
def test_any_mask_follows_the_reference(mask: npt.NDArray[np.uint8]) -> None:
    if mask.any():
        assert frames_from_masks(mask[None])[0].tolist() == frame_of(mask.tolist())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1, 2, 30, 3000]))
def test_any_frame_is_sampled_as_the_reference_does(seed: int, pixels: int) -> None:
    frame = np.zeros((84, 84), np.uint8)
    frame.flat[np.random.default_rng(seed).integers(0, frame.size, pixels)] = 1
    assert inputs_from_frames(frame[None])[0].tolist() == ink_reference.sample(frame.tolist())


@pytest.mark.parametrize(("side", "pen", "margin"), [(28, 3.5, 4), (70, 12, 15), (150, 1.2, 20), (278, 10, 40)])
@pytest.mark.parametrize("shown", ["as it is", "faint pencil, grainy", "chalk, grainy", "specks"])
def test_pictures_follow_the_reference(shown: str, side: int, pen: float, margin: int) -> None:
    greys = SHOWN[shown](picture_of(LETTERS["Й"], side=side, pen=pen, margin=margin))
    frame = frame_of(mask_of(greys.tolist()))
    assert MOMENTS.from_picture(greys).tolist() == ink_reference.sample(frame)
    assert UPRIGHT.from_picture(greys).tolist() == ink_reference.sample_upright(frame)


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=130)),
    st.sampled_from(["moments-1", "moments-2", "raw-28"]),
)
def test_any_picture_is_read_or_empty(picture: Picture, name: str) -> None:
    specified = specification(name)
    inputs, has_ink = specified.from_pictures([picture])
    assert inputs.shape == (1, 784)
    if has_ink[0]:
        assert specified.from_picture(picture).tolist() == inputs[0].tolist()
    else:
        with pytest.raises(EmptyInkError, match="no ink"):
            specified.from_picture(picture)


@pytest.mark.parametrize("name", ["moments-1", "moments-2", "raw-28"])
@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((1, 1), np.uint8),
        np.full((28, 28), 255, np.uint8),
        np.zeros((28, 28), np.uint8),
        np.full((300, 200), 117, np.uint8),
        np.full((60, 60, 3), 255, np.uint8),
        np.zeros((60, 60, 4), np.uint8),
        with_noise(np.full((200, 200), 240, np.uint8), 3),
        (np.mgrid[:100, :100][0] // 10 + 200).astype(np.uint8),
    ],
    ids=["one pixel", "white", "black", "grey", "white colour", "transparent", "grain", "slight shade"],
)
def test_empty_pictures(name: str, picture: Picture) -> None:
    with pytest.raises(EmptyInkError):
        specification(name).from_picture(picture)


@pytest.mark.parametrize("shape", [(1, 2), (2, 1), (1, 300), (300, 1), (3, 3), (1, 4000)], ids=str)
def test_tiny_and_thin_pictures_with_ink(shape: tuple[int, int]) -> None:
    picture = np.full(shape, 255, np.uint8)
    picture.flat[-1] = 0
    assert MOMENTS.from_picture(picture).max() == 255


@pytest.mark.parametrize(
    "picture",
    [
        None,
        5,
        [[0, 255]],
        np.zeros((28, 28)),
        np.zeros((28, 28), np.int64),
        np.zeros(28, np.uint8),
        np.zeros((28, 28, 5), np.uint8),
        np.zeros((28, 28, 1), np.uint8),
        np.zeros((2, 28, 28, 3), np.uint8),
        np.zeros((0, 28), np.uint8),
        np.broadcast_to(np.uint8(0), (5000, 5000)),
    ],
    ids=[
        "none",
        "number",
        "list",
        "floats",
        "ints",
        "flat",
        "5 channels",
        "1 channel",
        "4 axes",
        "no rows",
        "too large",
    ],
)
def test_what_is_not_a_picture_is_refused(picture: Any) -> None:
    with pytest.raises(InkError, match="A picture"):
        MOMENTS.from_picture(picture)


def test_many_pictures_are_read_as_one_by_one() -> None:
    small = [picture_of(LETTERS[letter], side=28, pen=3, margin=4) for letter in LETTERS] * 30
    mixed = [*small, *(picture_of(drawing) for drawing in LETTERS.values()), np.full((9, 9), 255, np.uint8), *small[:2]]
    inputs, has_ink = MOMENTS.from_pictures(mixed)
    assert has_ink.tolist() == [True] * (len(small) + 5) + [False, True, True]
    assert not inputs[len(small) + 5].any()
    for index in (0, 1, 140, len(small) - 1, len(small) + 2, len(mixed) - 1):
        assert inputs[index].tolist() == MOMENTS.from_picture(mixed[index]).tolist()
    stacked, _ = MOMENTS.from_pictures(np.stack(small))
    assert stacked.tolist() == inputs[: len(small)].tolist()
    assert MOMENTS.from_pictures([])[0].shape == (0, 784)


def test_raw_28_keeps_the_pixels_of_scans() -> None:
    scan = with_noise(picture_of(LETTERS["Ю"], side=28, pen=3, margin=4), 9)
    assert RAW.from_picture(scan).tolist() == scan.flatten().tolist()
    assert RAW.from_picture(255 - scan).tolist() == scan.flatten().tolist()
    colour = np.dstack([scan, scan, scan])
    assert RAW.from_picture(colour).tolist() == scan.flatten().tolist()


@pytest.mark.parametrize("letter", LETTERS)
def test_raw_28_makes_two_levels_of_everything_else(letter: str) -> None:
    values = RAW.from_strokes(LETTERS[letter])
    assert set(values.tolist()) == {0, 255}
    assert 0.1 < (values == 0).mean() < 0.5
    same = RAW.from_picture(picture_of(LETTERS[letter])) == values
    assert same.mean() > 0.95


def test_unknown_specification_names_the_known_ones() -> None:
    with pytest.raises(InkError, match="“moments-9”; there are: raw-28, moments-1, moments-2"):
        specification("moments-9")


def test_scale_is_zero_to_one_in_float32() -> None:
    scaled = MOMENTS.scale(np.array([[0, 51, 255]], np.uint8))
    assert scaled.dtype == np.float32
    assert scaled.tolist() == [[0.0, pytest.approx(0.2), 1.0]]


@pytest.mark.parametrize("pen", [1, 3, 8, 15])
@pytest.mark.parametrize("angle", [0, 20, 45, 70, 90])
def test_thickness_of_a_line(pen: int, angle: float) -> None:
    direction = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    points = np.mgrid[-150:151, -150:151]
    along = np.tensordot(direction, points, 1)
    across = np.tensordot([-direction[1], direction[0]], points, 1)
    line = ((np.abs(across) * 2 < pen) & (np.abs(along) < 140)).astype(np.uint8)
    assert thickness(line[None])[0] == pytest.approx(line.sum() / 280, rel=0.12, abs=0.3)


def test_specks_go_and_dots_stay() -> None:
    mask = np.zeros((60, 60), np.uint8)
    mask[20:50, 20:26] = 1
    letter = mask.copy()
    letter[8:14, 20:26] = 1  # a dot as thick as the pen
    specked = letter.copy()
    specked[2, 50] = specked[40:42, 50:52] = 1
    assert without_specks(specked[None], np.array([6.0]))[0].tolist() == letter.tolist()
    assert without_specks(specked[None], np.array([1.5]))[0].tolist() == specked.tolist()


@settings(max_examples=30, deadline=None)
@given(hnp.arrays(np.uint8, (2, 9, 7), elements=st.integers(0, 1)), st.integers(1, 10))
def test_window_counts(masks: npt.NDArray[np.uint8], reach: int) -> None:
    counts = window_counts(masks, reach)
    for n, y, x in np.ndindex(masks.shape):
        window = masks[n, max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
        assert counts[n, y, x] == window.sum()
