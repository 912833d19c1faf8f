"""The study command: what it trains, how it goes on, what it prints."""

import dataclasses
import io
import itertools
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from pytest_django import Settings

from tests.product import wait_until
from tests.training.study.conftest import TINY
from training.core.trainer import EpochMetrics
from training.datasets.models import Dataset
from training.jobs.models import State
from training.runs import services
from training.runs.models import Run
from training.runs.services import record_epoch
from training.runs.tasks import train_next
from training.study import services as study_services
from training.study.management.commands import study as command
from training.study.models import StudyRun
from training.study.verdicts import verdict

pytestmark = pytest.mark.django_db(transaction=True)


def study(*words: str) -> tuple[str, str]:
    """What the command prints on its two outputs."""
    output, errors = io.StringIO(), io.StringIO()
    call_command("study", *words, "--dataset", "four", stdout=output, stderr=errors)
    return output.getvalue(), errors.getvalue()


def figures(*words: str) -> list[dict[str, Any]]:
    """The rows of the tiny experiment."""
    found: list[dict[str, Any]] = json.loads(study(*words, "--json")[0])["experiments"][0]["rows"]
    return found


def test_full_trains_every_row_and_repeats_the_best(tiny: Dataset) -> None:
    rows = figures("tiny")
    assert [row["seeds"] for row in rows].count(1) == 2
    best = max(rows, key=lambda row: row["monitored"])
    assert (best["seeds"], [run["seed"] for run in best["runs"]]) == (3, [1, 2, 3])
    assert best["spread"] is not None
    assert all(run["own_test"] is not None for run in best["runs"])
    others = [run for row in rows if row is not best for run in row["runs"]]
    assert all(run["own_test"] is None for run in others), "test chooses nothing"
    assert Run.objects.count() == 5
    assert set(Run.objects.values_list("epoch", flat=True)) == {4}


def test_quick_trains_each_row_once_and_shortly(tiny: Dataset) -> None:
    assert [row["seeds"] for row in figures("--scale", "quick")] == [1, 1, 1]
    assert set(Run.objects.values_list("epoch", flat=True)) == {3}


def test_it_says_each_result_and_prints_a_table(tiny: Dataset) -> None:
    output, errors = study("--scale", "quick")
    assert errors.count("tiny, ") == 3
    assert "(thesis 99.5%)" in errors
    assert "| η = 0.1 | about 99.5 |" in output


def test_what_has_ended_is_not_trained_again(tiny: Dataset) -> None:
    before = figures("--scale", "quick")
    assert figures("--scale", "quick") == before
    assert StudyRun.objects.count() == 3


def test_a_stop_keeps_what_has_ended_and_the_same_command_goes_on(
    tiny: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as interrupted:
        trained: list[int] = []

        def interrupt(run: Run, metrics: EpochMetrics) -> None:
            record_epoch(run, metrics)
            trained.append(run.pk)
            if len(trained) == 4:  # the first epoch of the second row
                os.kill(os.getpid(), signal.SIGINT)
                wait_until(lambda: Run.objects.get(pk=run.pk).pause_requested)
                time.sleep(20 * settings.JOB_LOOK_SECONDS)  # the thread that looks sees it, too

        interrupted.setattr(services, "record_epoch", interrupt)
        with pytest.raises(CommandError, match="goes on") as caught:
            study("--scale", "quick")
    assert caught.value.returncode == 130
    assert StudyRun.objects.filter(run__state=State.SUCCEEDED).count() == 1
    first, second, _third = (made.run for made in StudyRun.objects.order_by("pk"))
    assert (second.state, second.epoch) == (State.PAUSED, 1)
    assert [row["seeds"] for row in figures("--scale", "quick")] == [1, 1, 1]
    again = Run.objects.get(pk=first.pk)
    assert (again.pk, again.attempt, again.weights_sha256) == (first.pk, 1, first.weights_sha256)
    assert second.events.get(name="goes on").text == "after epoch 1"
    assert StudyRun.objects.count() == 3


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A worker for trainings, in a thread."""
    monkeypatch.setattr("training.study.terminal.POLL_SECONDS", 0.05)
    monkeypatch.setattr("training.jobs.terminal.POLL_SECONDS", 0.01)
    ready = threading.Event()

    def work() -> None:
        while not ready.is_set():
            train_next()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    ready.set()
    thread.join()


@pytest.mark.usefixtures("worker")
def test_through_the_queue(tiny: Dataset) -> None:
    rows = figures("tiny", "--queue")
    assert sorted(row["seeds"] for row in rows) == [1, 1, 3]


@pytest.mark.usefixtures("worker")
def test_a_database_that_is_away_now_and_then_ends_no_wait(tiny: Dataset) -> None:
    failing = {2**number for number in range(4, 20)}
    numbers = itertools.count()

    def fail(execute: Any, *arguments: Any) -> Any:
        if next(numbers) in failing:
            raise OperationalError("server closed the connection unexpectedly")
        return execute(*arguments)

    with connection.execute_wrapper(fail):
        rows = figures("tiny", "--queue")
    assert sorted(row["seeds"] for row in rows) == [1, 1, 3]
    assert Run.objects.count() == 5
    assert next(numbers) > 2**5, "it was away more than once"


@pytest.mark.usefixtures("worker")
def test_one_that_stays_away_ends_it_in_one_line(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.jobs.terminal.AWAY_SECONDS", 0.1)
    numbers = itertools.count()

    def fail(execute: Any, *arguments: Any) -> Any:
        if next(numbers) > 2**4:
            raise OperationalError("connection refused\nIs the server running?")
        return execute(*arguments)

    with connection.execute_wrapper(fail), pytest.raises(CommandError) as raised:
        study("tiny", "--queue")
    [line] = str(raised.value).splitlines()
    assert line.startswith("The database does not answer; what was queued goes on without us")


def test_experiments_that_need_the_same_recipe_share_its_run(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    other = dataclasses.replace(TINY, name="other", rows=TINY.rows[1:])
    monkeypatch.setattr(command, "EXPERIMENTS", {"tiny": TINY, "other": other})
    _first, second = json.loads(study("--scale", "quick", "--json")[0])["experiments"]
    assert Run.objects.count() == len(TINY.rows)
    assert [row["runs"] for row in second["rows"]] == [row["runs"] for row in _first["rows"][1:]]


def test_the_thesis_s_best_row_is_repeated_as_ours_is(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    hopeless, ours, other = TINY.rows
    rows = (dataclasses.replace(hopeless, thesis=99.9), ours, other)
    monkeypatch.setattr(command, "EXPERIMENTS", {"tiny": dataclasses.replace(TINY, rows=rows)})
    assert [row["seeds"] for row in figures()] == [3, 3, 1]


def test_every_row_is_repeated_where_its_experiment_says_so(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "EXPERIMENTS", {"tiny": dataclasses.replace(TINY, repeats_all=True)})
    rows = figures()
    assert [row["seeds"] for row in rows] == [3, 3, 3]
    judged = [verdict(row["monitored"], row["thesis"], row["tolerance"]) for row in rows[:2]]
    assert [row["verdict"] for row in rows] == [*judged, None], "the last has no figure of the thesis"
    assert all(len(run["curve"]) == TINY.epochs for row in rows for run in row["runs"])
    assert [row["tolerance"] is None for row in rows] == [False, False, True]


def test_report_trains_nothing(tiny: Dataset) -> None:
    rows = figures("--report")
    assert [row["monitored"] for row in rows] == [None] * 3
    assert not Run.objects.exists()
    assert "| λ = 1 | — | — |" in study("--report")[0]


def saved(folder: Path, name: str) -> tuple[str, dict[str, Any]]:
    path = folder / "docs" / "figures" / name
    return path.with_suffix(".md").read_text(), json.loads(path.with_suffix(".json").read_text())


def test_save_writes_both_files_of_the_figures_or_of_the_time(
    tiny: Dataset, settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs" / "figures").mkdir(parents=True)
    study("tiny", "--save")
    before = saved(tmp_path, "study-tiny")
    assert "`python manage.py study tiny --scale full --save`" in before[0]
    assert before[1]["experiment"] == "tiny"
    assert all(run["machine"] for row in before[1]["rows"] for run in row["runs"])
    study("tiny", "--scale", "quick", "--save")
    text, quick = saved(tmp_path, "study-quick")
    assert [(row["experiment"], row["runs"]) for row in quick["rows"]] == [("tiny", 3)]
    assert quick["rows"][0]["seconds"] > 0
    assert 0 < quick["processor_seconds"] < quick["threshold"]
    assert f"Processor time of all of it: {quick['processor_seconds']:.0f} s" in text
    assert saved(tmp_path, "study-tiny") == before, "the quick scale replaces no figure"
    study("tiny", "--scale", "quick", "--save")
    assert saved(tmp_path, "study-quick")[1]["processor_seconds"] is None, "nothing was trained: no time of the whole"


def test_an_epoch_of_the_quick_scale_shows_no_more_pictures_than_it_needs(
    tiny: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_services, "QUICK_SAMPLES", 5)
    study("--scale", "quick")
    assert {made.run.recipe.epoch_samples for made in StudyRun.objects.all()} == {5}


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["big"], "no experiment “big”; there are: tiny"),
        (["--scale", "huge"], "no scale “huge”; there are: quick, full"),
        (["--dataset", "none"], "no data set “none”"),
    ],
)
def test_refuses(tiny: Dataset, words: list[str], error: str) -> None:
    with pytest.raises(CommandError, match=error):
        call_command("study", *["--dataset", "four"], *words)
    assert not StudyRun.objects.exists()
