"""Runs side by side: only what differs, curves that keep their peaks, and two hundred runs in under a second."""

import json
from dataclasses import replace

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from numpy.typing import NDArray

from tests.training.runs.conftest import QUICK, MakeRun
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs.models import Epoch, Run
from training.runs.web import comparison

pytestmark = pytest.mark.django_db
COMPARE = "/runs/compare/"
MOST_BYTES = 2_000_000


def address(*runs: Run, **others: str) -> str:
    """Address of a comparison."""
    return COMPARE + "?" + "&".join([f"run={run.pk}" for run in runs] + [f"{k}={v}" for k, v in others.items()])


def with_epochs(run: Run, count: int) -> Run:
    """Let a run have trained this many epochs, ever better."""
    Epoch.objects.bulk_create(
        Epoch(
            run=run,
            epoch=n,
            train_cost=2 / n,
            train_accuracy=1 - 1 / n,
            validation_cost=3 / n,
            validation_accuracy=1 - 1 / n / 2,
            seconds=1,
        )
        for n in range(1, count + 1)
    )
    return run


@pytest.fixture
def two(make_run: MakeRun) -> list[Run]:
    """Two runs that differ in one hyperparameter."""
    runs = [make_run(name="slow"), make_run(name="fast", hyperparameters=replace(QUICK, learning_rate=0.5))]
    for run, best in zip(runs, (0.8, 0.9), strict=True):
        with_epochs(run, 3)
        Run.objects.filter(pk=run.pk).update(best_validation_accuracy=best)
    return runs


def test_only_what_differs_has_a_column(client: Client, two: list[Run]) -> None:
    response = client.get(address(*two))
    heads = [head["column"].key for head in response.context["columns"]]
    assert heads == [*comparison.ALWAYS, "hp-learning_rate"]
    assert dict(response.context["shared"])["Optimizer"] == "momentum"
    html = response.content.decode()
    assert "2 runs; only what differs is shown." in html
    assert '<td class="nowrap number best">90.00%</td>' in html


@pytest.mark.parametrize(
    ("sort", "expected"), [("", ["slow", "fast"]), ("-best", ["fast", "slow"]), ("hp-learning_rate", ["slow", "fast"])]
)
def test_it_is_sorted_by_any_column_and_the_colours_stay(
    client: Client, two: list[Run], sort: str, expected: list[str]
) -> None:
    rows = client.get(address(*two, sort=sort)).context["rows"]
    assert [run.name for run, _color, _cells in rows] == expected
    assert {run.name: color for run, color, _cells in rows} == {"slow": 1, "fast": 2}


@pytest.mark.parametrize("metric", comparison.METRICS)
def test_the_curves_are_those_of_the_metric(client: Client, two: list[Run], metric: str) -> None:
    lifecycle.create_claimed(Run(hyperparameters=two[0].hyperparameters), worker="me")
    curves = client.get(address(*two, metric=metric)).context["curves"]
    field = comparison.METRICS[metric].field
    expected = [[row.epoch, float(f"{getattr(row, field):.5g}")] for row in two[0].rows.all()]
    series = json.loads(json.dumps(curves))["charts"]["compare"]["series"]
    assert [(one["key"], one["label"]) for one in series] == [(run.pk, str(run)) for run in two]
    assert series[0]["points"] == expected
    assert client.get(curves["url"]).json() == json.loads(json.dumps(curves))


def test_it_follows_what_is_not_done(client: Client, two: list[Run]) -> None:
    assert client.get(address(*two)).context["curves"]["running"]
    Run.objects.update(state=State.SUCCEEDED)
    assert not client.get(address(*two)).context["curves"]["running"]


@pytest.mark.parametrize("query", ["", "?run=x", "?run=99999", "?run=" + "9" * 40, "?metric=loss&sort=zzz"])
def test_nothing_to_compare_says_what_to_do(client: Client, query: str) -> None:
    response = client.get(COMPARE + query)
    assert response.status_code == 200
    assert "Nothing to compare yet" in response.content.decode()
    assert client.get(reverse("runs:compared_curves") + query).json()["charts"]["compare"]["series"] == []


@pytest.mark.parametrize(("length", "most"), [(1, 8), (8, 8), (9, 8), (200, 80), (201, 80), (10_000, 100), (3, 2)])
def test_thinning_keeps_both_ends_the_highest_and_the_lowest(length: int, most: int) -> None:
    values = np.random.default_rng(length).random(length)
    points: NDArray[np.float64] = np.column_stack([np.arange(1, length + 1), values])
    kept = comparison.thinned(points, most)
    assert len(kept) <= max(most, 4)
    epochs = [epoch for epoch, _value in kept]
    assert epochs == sorted(set(epochs))
    assert {1, length, values.argmax() + 1, values.argmin() + 1} <= set(epochs)
    assert all(value == float(f"{values[epoch - 1]:.5g}") for epoch, value in kept)


def test_two_hundred_runs_of_two_hundred_epochs_are_few_queries_and_few_bytes(client: Client) -> None:
    recipes = [replace(QUICK, learning_rate=0.001 * n, seed=n).as_dict() for n in range(1, 201)]
    Run.objects.bulk_create(Run(name=f"run {n}", hyperparameters=recipe) for n, recipe in enumerate(recipes))
    runs = list(Run.objects.order_by("pk"))
    Epoch.objects.bulk_create(
        Epoch(
            run=run,
            epoch=epoch,
            train_cost=1,
            train_accuracy=0,
            validation_cost=1,
            validation_accuracy=(run.pk * epoch % 97) / 97,
            seconds=1,
        )
        for run in runs
        for epoch in range(1, 201)
    )
    client.get(address(runs[0]))  # templates are read and compiled once
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address(*runs))
    assert len(queries) == 4  # runs, their data sets, their tags, all epochs
    series = response.context["curves"]["charts"]["compare"]["series"]
    assert len(series) == 200
    assert sum(len(one["points"]) for one in series) <= comparison.MOST_POINTS
    assert len(response.content) < MOST_BYTES
