"""Confident learning, cross-validated predictions, and outliers."""

import numpy as np
import pytest
from numpy.typing import NDArray

from training.cleaning.detectors import cross_validation
from training.cleaning.detectors.cross_validation import Control, UnfinishedError, cross_validated
from training.cleaning.detectors.label_errors import LEAST_PICTURES, find_suspects
from training.cleaning.detectors.outliers import find_outliers
from training.core.hyperparameters import AUGMENTATIONS, Hyperparameters


def test_the_papers_count_by_hand() -> None:
    """Thresholds are the mean self-confidences; a suspect passes the threshold of another class than its own."""
    labels = np.repeat([0, 1], 8)
    own = np.array([0.9] * 7 + [0.1] + [0.8] * 6 + [0.3, 0.45])
    probabilities = np.where(np.arange(2) == labels[:, None], own[:, None], 1 - own[:, None])
    # Thresholds: 0.8 of class 0, 0.69375 of class 1. Picture 7 has 0.9 for class 1; 14 has only 0.7 for class 0.

    found = find_suspects(probabilities, labels)

    assert found.pictures.tolist() == [7]
    assert found.likely.tolist() == [1]
    assert found.scores == pytest.approx([0.8])


def test_of_several_confident_classes_the_most_probable_counts() -> None:
    labels = np.repeat([0, 1, 2], LEAST_PICTURES)
    probabilities = np.full((len(labels), 3), 0.3)
    probabilities[np.arange(len(labels)), labels] = 0.4
    probabilities[0] = (0.1, 0.42, 0.48)
    found = find_suspects(probabilities, labels)
    assert (found.pictures.tolist(), found.likely.tolist()) == ([0], [2])


def test_a_letter_with_few_pictures_is_not_judged() -> None:
    labels = np.array([0] * 20 + [1] * (LEAST_PICTURES - 1))
    probabilities = np.tile([0.9, 0.1], (len(labels), 1))
    assert len(find_suspects(probabilities, labels).pictures) == 0


@pytest.fixture
def samples(monkeypatch: pytest.MonkeyPatch) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Inputs of four letters, each bright in rows of its own; a quick recipe."""
    still = dict.fromkeys(AUGMENTATIONS, 0)
    changes = {"hidden_layers": (16,), "batch_size": 32, "warmup_steps": 0, "ema": 0.9, **still}
    quick = Hyperparameters.from_mapping(changes, base=cross_validation.RECIPE)
    monkeypatch.setattr(cross_validation, "RECIPE", quick)
    monkeypatch.setattr(cross_validation, "SAMPLES_SEEN", 4000)
    rng = np.random.default_rng(5)
    labels = (np.arange(240) % 4).astype(np.uint8)
    inputs = rng.integers(0, 60, (240, 784), dtype=np.uint8)
    for number, label in enumerate(labels.tolist()):
        inputs[number, label * 100 : label * 100 + 100] += 180
    return inputs, labels


def test_flipped_labels_are_suspected_by_networks_that_have_not_seen_them(
    samples: tuple[NDArray[np.uint8], NDArray[np.uint8]],
) -> None:
    inputs, labels = samples
    flipped = np.array([3, 50, 101, 200])
    wrong = labels.copy()
    wrong[flipped] = (labels[flipped] + 1) % 4
    shares: list[float] = []

    probabilities = cross_validated(
        inputs, wrong, np.arange(240), classes=4, folds=3, seed=1, control=Control(progress=shares.append)
    )

    assert probabilities.sum(axis=1) == pytest.approx(np.ones(240), abs=1e-5)
    found = find_suspects(probabilities, wrong)
    assert len(set(flipped.tolist()) & set(found.pictures.tolist())) >= 3
    assert len(found.pictures) <= 8
    assert found.likely[found.pictures.tolist().index(3)] == labels[3]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_same_seed_gives_the_same_bits(samples: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    inputs, labels = samples
    first, second, other = (
        cross_validated(inputs, labels, np.arange(240), classes=4, folds=2, seed=seed) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_a_group_is_in_one_fold_and_letters_are_spread() -> None:
    labels = np.repeat(np.arange(3), 40)
    groups = np.arange(120)
    groups[30:40] = 30
    fold = cross_validation._folds(labels, groups, 4, seed=0)
    assert len(set(fold[30:40].tolist())) == 1
    assert np.bincount(fold[40:80]).tolist() == [10] * 4


def test_a_letter_with_one_picture_breaks_nothing(samples: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    inputs, labels = samples
    alone = labels.copy()
    alone[0] = 4
    probabilities = cross_validated(inputs, alone, np.arange(240), classes=5, folds=3, seed=1)
    assert probabilities[0, 4] == 0
    assert 0 not in find_suspects(probabilities, alone).pictures


def test_it_can_be_stopped(samples: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    with pytest.raises(UnfinishedError):
        cross_validated(*samples, np.arange(240), classes=4, folds=2, seed=1, control=Control(should_stop=lambda: True))


def test_what_is_like_nothing_else_is_an_outlier(samples: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    inputs, labels = samples
    inputs = inputs.copy()
    inputs[17] = 255
    found, scores = find_outliers(inputs, labels, seed=0)
    assert found[scores.argmax()] == 17
    assert len(found) <= 6
    assert (scores > 1).all()


def test_few_pictures_have_no_outliers() -> None:
    inputs = np.random.default_rng(0).integers(0, 255, (40, 784), dtype=np.uint8)
    assert len(find_outliers(inputs, np.zeros(40, np.uint8), seed=0)[0]) == 0
