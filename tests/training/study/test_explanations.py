"""Rows that are worse: each says what was tried, and each sentence has the figures of stored runs."""

from collections.abc import Sequence

import pytest
from django.test import Client
from django.utils import translation

from training.study.experiments import EXPERIMENTS
from training.study.explanations import TRIALS, explained
from training.study.reporting import ExperimentFigures, ended_runs
from training.study.results import results

pytestmark = pytest.mark.django_db

LABELS = {(name, row.label) for name, experiment in EXPERIMENTS.items() for row in experiment.rows}


FLAT, RISING = [0.5] * 100, [0.004 * epoch for epoch in range(100)]


def figures(
    best: float | None,
    *,
    epoch: int = 20,
    epochs: int = 100,
    verdict: str | None = "worse",
    curve: Sequence[float] = FLAT,
) -> ExperimentFigures:
    """One experiment of one row, with one run or none."""
    run = {"seed": 1, "state": "succeeded", "best_monitored": best, "best_epoch": epoch, "last_monitored": 0.5}
    run["curve"] = curve
    runs = [] if best is None else [run]
    recipe = {"epochs": epochs}
    row = {"row": "η = 0.8", "verdict": verdict, "monitored": best and 100 * best, "recipe": recipe, "runs": runs}
    return {"experiment": "learning-rate-quadratic", "epochs": 100, "rows": [row]}


def test_trials_are_rows_of_the_study() -> None:
    assert {(trial.experiment, trial.row) for trial in TRIALS} <= LABELS
    assert {trial.other for trial in TRIALS} <= LABELS


def test_every_row_that_is_worse_is_explained_on_the_page_in_both_languages(client: Client) -> None:
    found = results()
    worse = [(each, row) for each in found for row in each["rows"] if row["verdict"] == "worse"]
    assert worse
    for language in ("en", "ru"):
        page = client.get("/study/", headers={"Accept-Language": language}).content.decode()
        with translation.override(language):
            for each, row in worse:
                sentences = dict(explained(each, found))[row["row"]]
                assert sentences
                assert all(sentence.replace("'", "&#x27;") in page for sentence in sentences), row["row"]


def test_a_figure_is_rounded_as_in_the_table() -> None:
    found = figures(0.6)
    other = {**figures(0.8230534, verdict=None), "experiment": "learning-rate-elementwise"}
    [(_label, sentences)] = explained(found, [found, other])
    assert "82.31\u00a0%" in sentences[1]


def test_only_rows_that_are_worse_are_explained() -> None:
    better = figures(0.9, verdict="better")
    assert explained(better, [better]) == []


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (figures(0.6), "More epochs do not help: epoch 20 of 100 was best, the last reads 50.00\u00a0%."),
        (figures(0.6, epoch=99), "More epochs do not help: epoch 99 of 100 was best, the last reads 50.00\u00a0%."),
        (figures(0.6, epoch=97, curve=RISING), "Epoch 97 of 100 was best: it still rises at the end."),
        (figures(0.6, epoch=39, epochs=40), "Its runs are of 40 epochs, not of 100; the best is epoch 39."),
    ],
)
def test_whether_more_epochs_would_help(found: ExperimentFigures, expected: str) -> None:
    [(_label, sentences)] = explained(found, [found])
    assert sentences == [expected]


def test_a_trial_says_what_its_stored_runs_reached_and_nothing_before() -> None:
    found = figures(0.6)
    other = {**figures(0.7, verdict=None), "experiment": "learning-rate-elementwise"}
    [(_label, sentences)] = explained(found, [found, other])
    assert sentences[1:] == [
        "With the thesis's output error (1.17) in place of the exact one: 70.00\u00a0% (+10.00 points)."
    ]
    untrained = {**figures(None, verdict=None), "experiment": "learning-rate-elementwise"}
    assert not ended_runs(untrained["rows"][0])
    [(_label, sentences)] = explained(found, [found, untrained])
    assert len(sentences) == 1
