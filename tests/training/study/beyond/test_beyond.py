"""Experiments beyond the thesis: recipes that can be trained, data made worse as said, runs that go on."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.training.four_letters import samples
from tests.training.sweeps.conftest import dataset
from training.datasets.models import Dataset
from training.study.beyond import stored
from training.study.beyond.data_changes import fewer, mislabelled
from training.study.beyond.experiments import BEYOND, SCALES, BeyondExperiment, rows_of
from training.study.management.commands import study_beyond
from training.study.web import beyond_charts

__all__ = ["dataset"]


@pytest.mark.parametrize("experiment", BEYOND.values(), ids=BEYOND)
def test_every_row_makes_a_recipe_and_differs(experiment: BeyondExperiment) -> None:
    for scale in SCALES.values():
        rows = rows_of(experiment, scale)
        recipes = [(experiment.hyperparameters(row, scale), row.wrong_labels, row.per_letter) for row in rows]
        assert len(set(recipes)) == len(rows) > 1
        assert {recipe.epochs for recipe, *_rest in recipes} == {scale.epochs}


def test_fewer_pictures_are_a_part_of_more() -> None:
    whole = samples(200, seed=1)
    few, more = fewer(whole, 5, seed=1), fewer(whole, 20, seed=1)
    assert np.bincount(few.labels).tolist() == [5] * 4
    assert {row.tobytes() for row in few.inputs} <= {row.tobytes() for row in more.inputs}
    assert fewer(whole, 0, seed=1) is whole


@pytest.mark.parametrize("share", [0.0, 0.1, 0.4])
def test_wrong_labels_are_wrong_and_as_many_as_said(share: float) -> None:
    whole = samples(200, seed=1)
    changed = mislabelled(whole, share, seed=1, classes=4)
    assert (changed.labels != whole.labels).sum() == round(share * 200)
    assert changed.labels.max() < 4
    assert (changed.inputs == whole.inputs).all()


def run(folder: Path, *words: str) -> tuple[list[dict[str, object]], str]:
    output, errors = io.StringIO(), io.StringIO()
    options = ("--scale", "quick", "--dataset", "four", "--output", str(folder), "--json")
    call_command("study_beyond", *words, *options, stdout=output, stderr=errors)
    return json.loads(output.getvalue())["experiments"], errors.getvalue()


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch, dataset: Dataset) -> Dataset:
    """A data set that counts as split already."""
    monkeypatch.setattr(study_beyond, "thesis_split", lambda dataset: dataset)
    return dataset


@pytest.mark.django_db
def test_it_trains_stores_and_goes_on(whole: Dataset, tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "docs" / "figures"
    [found], said = run(folder, "pictures-per-letter", "--screen", "four")
    path = folder / "beyond-pictures-per-letter.json"
    assert json.loads(path.read_text()) == found
    assert said.count(": best ") == len(found["rows"]) == 2  # type: ignore[arg-type]
    for row in found["rows"]:  # type: ignore[attr-defined]
        assert len(row["curve"]) == len(row["seconds"]) == 3
        assert row["best"] == max(row["curve"])
        assert 0 <= row["screen"] <= 1
    path.write_text(json.dumps({**found, "rows": found["rows"][:1]}))  # type: ignore[index]
    [again], said = run(folder, "pictures-per-letter", "--screen", "four")
    assert said.count(": best ") == 1, "what is stored is not trained again"
    assert [row["curve"] for row in again["rows"]] == [row["curve"] for row in found["rows"]]  # type: ignore[attr-defined]
    settings.BASE_DIR = tmp_path
    [(experiment, figures)] = stored.measured()
    [line] = beyond_charts.chart(experiment, figures)["series"]
    assert [point[1] for point in line["points"]] == [row["best"] for row in figures["rows"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["colour"], "no experiment “colour”; there are: optimizers"),
        (["--scale", "huge"], "no scale “huge”; there are: quick, reduced, full"),
        (["--dataset", "none"], "no data set “none”"),
    ],
)
def test_refuses(words: list[str], error: str) -> None:
    with pytest.raises(CommandError, match=error):
        call_command("study_beyond", *words)


def test_every_answer_that_is_shown_stands_in_its_report() -> None:
    for answer in stored.ANSWERS:
        assert all(accuracy is not None and 50 < accuracy < 100 for accuracy in answer.accuracies()), answer.row
