"""The benchmark of few letters of people beside synthetic ones: its parts, its recipe, going on after a stop."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.accuracy import mixing
from benchmarks.accuracy.mixing import KINDS, Mixing, part_of, recipe_of, report
from tests.training.four_letters import samples
from training.core.hyperparameters import Hyperparameters

RECIPE = Hyperparameters(hidden_layers=(8,), epochs=1, batch_size=16)


def test_a_part_has_as_many_of_each_letter() -> None:
    part = part_of(samples(400, seed=1), 41, seed=1)
    assert sorted(np.bincount(part.labels)) == [10, 10, 10, 11]
    assert (part.inputs == part_of(samples(400, seed=1), 41, seed=1).inputs).all()


def test_both_are_trained_as_the_form_would_and_one_alone_as_it_is() -> None:
    sources = {"real": samples(8, seed=1), "synthetic": samples(80, seed=1)}
    assert recipe_of(sources, RECIPE).epoch_samples == 88
    assert recipe_of({"real": samples(8, seed=1)}, RECIPE) == RECIPE


def test_what_is_trained_already_is_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {"real": samples(80, seed=1), "synthetic": samples(80, seed=2)}

    def made() -> Any:
        return report(Mixing(tmp_path, sources, samples(40, seed=3)), [8], RECIPE)

    first = made()
    assert [figure.threshold for figure in first.figures] == [-1.0]
    assert len(list(tmp_path.iterdir())) == len(KINDS)
    monkeypatch.setattr(mixing, "train", None)
    assert made().rows == first.rows
    with pytest.raises(TypeError):
        report(Mixing(tmp_path, sources, samples(40, seed=3)), [8], replace(RECIPE, seed=2))
