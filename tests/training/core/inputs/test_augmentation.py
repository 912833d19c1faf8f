"""Augmentation: each change does what it says, to ink and not to paper, and within its bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from tests.training.core.recipes import recipe
from training.core.hyperparameters import Hyperparameters
from training.core.inputs.augmentation import AugmentedInputs, neighbours
from training.core.inputs.plain import PlainInputs
from training.core.inputs.warps import Warps

SIDE = 28
F32 = np.dtype(np.float32)


def pictures(n: int = 400) -> NDArray[np.uint8]:
    """A filled ring off the middle, ink 255."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    distance = np.hypot(rows - 12, columns - 15)
    one = np.where((distance > 4) & (distance < 8), 255, 0).astype(np.uint8)
    return np.tile(one.reshape(1, -1), (n, 1))


def take(h: Hyperparameters, samples: NDArray[np.uint8], *, paper: int = 0, seed: int = 0) -> NDArray[Any]:
    inputs = AugmentedInputs(h, samples, paper=paper, dtype=F32)
    inputs.begin_epoch(np.random.default_rng(seed), np.arange(len(samples)))
    return np.asarray(inputs.take(0, len(samples))[:, : len(samples)].T)


@pytest.mark.parametrize("inverted", [False, True])
def test_plain_inputs_are_the_bytes(inverted: bool) -> None:
    samples = np.random.default_rng(0).integers(0, 256, (10, 16)).astype(np.uint8)
    inputs = PlainInputs(samples, inverted=inverted, dtype=F32)
    inputs.begin_epoch(np.random.default_rng(0), np.arange(10)[::-1])
    expected = (255 - samples if inverted else samples)[::-1]
    np.testing.assert_array_equal(inputs.take(0, 7)[:, :7].T, expected[:7])
    np.testing.assert_array_equal(inputs.take(7, 3)[:, :3].T, expected[7:])


@pytest.mark.parametrize("name", ["rotation", "shear", "scale", "shift", "elastic", "thickness", "noise"])
def test_each_changes_something_and_keeps_the_ink_about(name: str) -> None:
    samples = pictures()
    changed = take(recipe(**{name: 0.3 if name not in ("rotation", "shift") else 3}), samples)
    before = samples / 255
    assert changed.shape == before.shape
    assert 0.005 < np.abs(changed - before).mean() < 0.3
    assert changed.mean() == pytest.approx(before.mean(), rel=0.2)
    assert len(np.unique(changed.round(4), axis=0)) > 1


def test_almost_no_warp_is_the_picture() -> None:
    samples = pictures()
    np.testing.assert_allclose(take(recipe(rotation=1e-9), samples), samples / 255, atol=1e-6)


@pytest.mark.parametrize("inverted", [False, True])
def test_paper_stays_paper_whatever_its_value(inverted: bool) -> None:
    """The same letters as light ink and as dark ink are warped alike."""
    h = recipe(rotation=10, thickness=0.5, shift=2, inverted=inverted)
    light = take(h, pictures(), paper=0)
    dark = take(h, 255 - pictures(), paper=255)
    np.testing.assert_allclose(light, 1 - dark, atol=1e-6)
    corner = 1.0 if inverted else 0.0
    np.testing.assert_allclose(light[:, 0], corner, atol=1e-6)


@pytest.mark.parametrize("degrees", [10.0, 30.0])
def test_rotation_is_scipys(degrees: float) -> None:
    """A bank's warp turns by an angle within bounds, and is what scipy.ndimage makes of that angle."""
    rng = np.random.default_rng(3)
    bank = Warps(np.radians(degrees), 0, 0, 0, 0).bank(rng, 8, SIDE, factor=1, dtype=np.dtype(np.float64))
    angles = np.random.default_rng(3).uniform(-np.radians(degrees), np.radians(degrees), 8)
    picture = ndimage.gaussian_filter(pictures(1).reshape(SIDE, SIDE).astype(float), 1)
    for warp, angle in zip(bank, angles, strict=True):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        middle = np.full(2, (SIDE - 1) / 2)
        expected = ndimage.affine_transform(picture, turn, offset=middle - turn @ middle, order=1)
        np.testing.assert_allclose((warp @ picture.ravel()).reshape(SIDE, SIDE), expected, atol=1e-9)


def test_shift_moves_the_middle_of_the_ink_within_bounds() -> None:
    bank = Warps(0, 0, 0, 2.0, 0).bank(np.random.default_rng(0), 64, SIDE, factor=1, dtype=np.dtype(np.float64))
    picture = pictures(1)[0] / 255
    rows, columns = np.divmod(np.arange(SIDE * SIDE), SIDE)
    moved = np.array([warp @ picture for warp in bank])
    by = (moved @ np.stack([rows, columns], axis=1)) / moved.sum(axis=1, keepdims=True)
    by -= (picture @ np.stack([rows, columns], axis=1)) / picture.sum()
    assert np.abs(by).max() <= 2
    assert np.abs(by).max() > 1.5
    np.testing.assert_allclose(moved.sum(axis=1), picture.sum(), rtol=1e-9)


def test_thickening_and_thinning_are_the_three_by_three_extremes() -> None:
    samples = pictures(3)
    image = samples[0].reshape(SIDE, SIDE)
    for extreme, filtered in ((np.maximum, ndimage.maximum_filter), (np.minimum, ndimage.minimum_filter)):
        found = neighbours(np.ascontiguousarray(samples.T), extreme, SIDE)
        np.testing.assert_array_equal(found[:, 1].reshape(SIDE, SIDE), filtered(image, 3))


def test_thickness_goes_both_ways_and_stays_between() -> None:
    kinds = set()
    before = pictures(1)[0].reshape(SIDE, SIDE) / 255
    bounds = ndimage.minimum_filter(before, 3).ravel(), ndimage.maximum_filter(before, 3).ravel()
    for seed in range(5):
        changed = take(recipe(thickness=1), pictures(), seed=seed)
        assert (changed >= bounds[0] - 1e-6).all()
        assert (changed <= bounds[1] + 1e-6).all()
        ink = changed.mean(axis=1) - before.mean()
        kinds |= set(np.sign(ink.round(5)))
        assert len(np.unique(ink)) > 50  # each column by a share of its own
    assert kinds == {-1, 0, 1}


def test_noise_has_its_deviation() -> None:
    changed = take(recipe(noise=0.2), pictures())
    assert (changed - pictures() / 255).std() == pytest.approx(0.2, rel=0.05)


def test_same_generator_same_inputs() -> None:
    h = recipe(rotation=5, elastic=0.5, thickness=0.5, noise=0.1)
    np.testing.assert_array_equal(take(h, pictures(), seed=1), take(h, pictures(), seed=1))
    assert (take(h, pictures(), seed=1) != take(h, pictures(), seed=2)).any()


def test_few_samples_fill_few_columns() -> None:
    assert take(recipe(rotation=5, thickness=0.5), pictures(1)).shape == (1, SIDE * SIDE)
