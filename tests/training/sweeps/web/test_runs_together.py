"""The list of runs: trials stand under their sweep, and each row says in what it differs."""

import dataclasses

import pytest
from django.test import Client
from django.urls import reverse

from tests.training.sweeps.conftest import QUICK, MakeSweep
from training.core.hyperparameters import PRESETS
from training.datasets.models import Dataset
from training.runs.models import Run
from training.runs.services import create_run
from training.runs.web.listing.run_columns import COLUMNS
from training.runs.web.listing.told_apart import RunGroup, alone, grouped

pytestmark = pytest.mark.django_db
SHOWN = [COLUMNS[key] for key in ("state", "datasets", "layers", "best")]


def listed() -> list[Run]:
    """All runs, the newest first."""
    return list(Run.objects.select_related("trial__sweep"))


def told(groups: list[RunGroup]) -> list[tuple[str, list[str]]]:
    """Of each group its sweep's name, and in what its rows differ."""
    return [(str(group.sweep or ""), [row.differing for row in group.rows]) for group in groups]


def test_trials_stand_under_their_sweep_with_what_differs(make_sweep: MakeSweep, dataset: Dataset) -> None:
    sweep = make_sweep({"learning_rate": [0.1, 0.2], "l2": [0.5]}, name="rates")
    create_run([dataset], dataclasses.replace(PRESETS["small"], epochs=7), preset="small")
    create_run([dataset], QUICK)
    groups = grouped(listed(), SHOWN, by_sweep=True)
    assert told(groups) == [("", ["", "Epochs 7"]), ("rates", ["Learning rate 0.2", "Learning rate 0.1"])]
    assert [(cell.column.key, cell.text) for cell in groups[1].shared] == [("datasets", "four"), ("layers", "8")]
    assert groups[0].shared == []
    assert groups[1].sweep == sweep


def test_neighbours_of_other_runs_come_to_their_sweep(make_sweep: MakeSweep, dataset: Dataset) -> None:
    first = make_sweep({"l2": [0.5, 1.0]}, name="first")
    second = make_sweep({"dropout": [0.1, 0.2]}, name="second")
    keys = [run.pk for sweep in (first, second) for run in sweep.runs()]
    mixed = sorted(listed(), key=lambda run: (keys.index(run.pk) % 2, run.pk))
    groups = grouped(mixed, SHOWN, by_sweep=True)
    assert [(str(group.sweep), len(group.rows)) for group in groups] == [("first", 2), ("second", 2)]
    sorted_ones = grouped(mixed, SHOWN, by_sweep=False)
    assert [(group.sweep, len(group.rows)) for group in sorted_ones] == [(None, 4)]
    assert sorted_ones[0].rows[0].differing == "L2 0.5"


def test_a_trial_alone_on_a_page_says_what_its_sweep_varies(make_sweep: MakeSweep) -> None:
    make_sweep({"learning_rate": [0.25], "l2": [0.5]}, name="alone")
    (group,) = grouped(listed(), SHOWN, by_sweep=True)
    assert group.rows[0].differing == alone(listed()[0])
    assert set(group.rows[0].differing.split(" · ")) == {"Learning rate 0.25", "L2 0.5"}


def test_the_lists_say_it_in_the_language_of_the_page(make_sweep: MakeSweep, admin_client: Client) -> None:
    sweep = make_sweep({"learning_rate": [0.1, 0.2]}, name="rates")
    public = admin_client.get(reverse("runs:index"), headers={"accept-language": "ru"}).content.decode()
    assert f'<a href="{sweep.get_absolute_url()}">rates</a>' in public
    assert "Скорость обучения 0,2" in public
    rows = admin_client.get(reverse("admin:runs_run_changelist"), headers={"accept-language": "ru"}).content.decode()
    assert f"Перебор {sweep.pk} · Скорость обучения 0,2" in rows
