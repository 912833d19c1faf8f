"""Estimates for the form of a new run: by operations where nothing has run here, else by what did run."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.training.runs.conftest import MakeDataset, MakeRun
from training.core.hyperparameters import PRESETS
from training.jobs.models import State
from training.runs import estimates
from training.runs.models import Run

FIGURES = Path(__file__).resolve().parents[3] / "docs" / "figures" / "accuracy.json"


def test_the_accuracies_are_those_that_were_measured() -> None:
    measured = {figure["name"]: figure["value"] for figure in json.loads(FIGURES.read_text("utf-8"))["figures"]}
    for preset, share in estimates.ACCURACY.items():
        (value,) = [value for name, value in measured.items() if name.startswith(f"{preset}, Cyrillic-MNIST test")]
        assert share == round(value, 2), preset


@pytest.mark.django_db
def test_without_runs_operations_decide_and_larger_takes_longer() -> None:
    found = estimates.estimates()
    assert set(found) == set(PRESETS)
    assert not any(each.is_measured for each in found.values())
    assert found["tiny"].seconds < found["standard"].seconds < found["best"].seconds


@pytest.mark.django_db
def test_earlier_runs_of_the_preset_decide(make_dataset: MakeDataset, make_run: MakeRun) -> None:
    make_dataset()
    run = make_run(hyperparameters=PRESETS["small"], preset="small")
    now = timezone.now()
    took = {"state": State.SUCCEEDED, "epoch": 10, "training_images": 1000, "finished_at": now}
    Run.objects.filter(pk=run.pk).update(started_at=now - timedelta(seconds=50), **took)
    found = estimates.estimates()
    assert found["small"].is_measured
    assert found["small"].seconds == pytest.approx(50 / (10 * 1000))
    assert found["best"].seconds > found["small"].seconds
    Run.objects.filter(pk=run.pk).update(hyperparameters={"unknown": 1})
    assert not estimates.estimates()["small"].is_measured
