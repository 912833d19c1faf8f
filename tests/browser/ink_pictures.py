"""Pictures of many kinds, four bytes a pixel, the same for the same seed."""

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from tests.recognizer.core.drawings import LETTERS, picture_of

Picture = npt.NDArray[np.uint8]
Greys = npt.NDArray[np.float64]


def random_pictures(count: int, rng: np.random.Generator) -> list[Picture]:
    """As many pictures (h, w, 4), each kind in its turn."""
    kinds: tuple[Callable[[np.random.Generator], Picture], ...] = (
        partial(_paper_and_ink, paper=(200, 256), ink=(0, 60)),
        partial(_paper_and_ink, paper=(0, 60), ink=(200, 256)),
        partial(_paper_and_ink, paper=(100, 140), ink=(90, 150)),
        _noise,
        _coloured,
        _ink_in_alpha,
        _card_with_soft_edges,
        _noisy_alpha,
        _specks,
        _as_dark_as_light,
        _between_paper_and_board,
        _empty,
    )
    return [kinds[number % len(kinds)](rng) for number in range(count)]


def _letter(rng: np.random.Generator) -> Greys:
    """Share of the ink (h, w), 0…1, of a letter by a pen of any thickness; sides differ."""
    side = int(np.exp(rng.uniform(np.log(20), np.log(420))))
    drawing = list(LETTERS.values())[rng.integers(len(LETTERS))]
    picture = picture_of(drawing, side=side, pen=side * rng.uniform(0.01, 0.2), margin=side // 5)
    cut = rng.integers(0, side // 6 + 1, 2)
    return 1 - picture[cut[0] :, cut[1] :] / 255


def _opaque(greys: Greys) -> Picture:
    channels = [np.clip(np.round(greys), 0, 255)] * 3 + [np.full(greys.shape, 255.0)]
    return np.stack(channels, axis=2).astype(np.uint8)


def _paper_and_ink(rng: np.random.Generator, *, paper: tuple[int, int], ink: tuple[int, int]) -> Picture:
    share = _letter(rng)
    noise = rng.normal(0, rng.choice([0, 2, 10]), share.shape)
    return _opaque(rng.integers(*paper) * (1 - share) + rng.integers(*ink) * share + noise)


def _noise(rng: np.random.Generator) -> Picture:
    return _opaque(rng.uniform(0, 256, rng.integers(1, 130, 2)))


def _coloured(rng: np.random.Generator) -> Picture:
    share = _letter(rng)[..., None]
    paper, ink = rng.integers(0, 256, (2, 4)) | (0, 0, 0, 255)
    mixed: Greys = np.round(paper * (1 - share) + ink * share)
    return mixed.astype(np.uint8)


def _ink_in_alpha(rng: np.random.Generator) -> Picture:
    """One colour on nothing, as a program for drawing saves a layer."""
    share = _letter(rng)
    colour = np.broadcast_to(rng.integers(0, 256, 3), (*share.shape, 3))
    return np.concatenate([colour, np.round(share * 255)[..., None]], axis=2).astype(np.uint8)


def _card_with_soft_edges(rng: np.random.Generator) -> Picture:
    """A photograph of a card, dark or light, cut out along a soft edge."""
    picture = _paper_and_ink(rng, paper=(0, 256), ink=(0, 256))
    ys, xs = (np.minimum(np.arange(n) + 1, np.arange(n, 0, -1)) for n in picture.shape[:2])
    picture[..., 3] = np.clip(np.minimum.outer(ys, xs) * rng.uniform(5, 90), 0, 255).astype(np.uint8)
    return picture


def _noisy_alpha(rng: np.random.Generator) -> Picture:
    return rng.integers(0, 256, (*rng.integers(1, 60, 2), 4)).astype(np.uint8)


def _specks(rng: np.random.Generator) -> Picture:
    share = _letter(rng)
    return _opaque(255 * (1 - np.maximum(share, rng.uniform(0, 1, share.shape) < 0.004)))


def _as_dark_as_light(rng: np.random.Generator) -> Picture:
    """As far from the paper on both sides: the ink is the dark one."""
    paper, contrast = rng.integers(60, 190), rng.integers(12, 60)
    share = _letter(rng)
    mirrored = np.where(share > 0.5, contrast, 0) - np.where(share[::-1] > 0.5, contrast, 0)
    return _opaque(paper + mirrored.astype(np.float64))


def _between_paper_and_board(rng: np.random.Generator) -> Picture:
    """A card whose median falls between two greys, around the middle between black and white."""
    tone = rng.integers(124, 129)
    greys = np.where(np.arange(400) % 2, tone, 255 - tone + rng.integers(0, 3)).reshape(20, 20)
    greys[5:15, 9], greys[5:15, 11] = 0, 255
    picture = _opaque(greys.astype(np.float64))
    picture[:, (0, -1), 3] = rng.integers(0, 255, (20, 2))
    picture[:, (0, -1), 3] |= 128
    return picture


def _empty(rng: np.random.Generator) -> Picture:
    """No ink, or hardly: noise below, at and above the faintest contrast."""
    shape = rng.integers(1, 200, 2)
    return _opaque(rng.integers(20, 240) + rng.integers(0, rng.integers(1, 20), shape).astype(np.float64))
