"""The sweep command: what it prints, and how it refuses."""

import io
import json
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs.models import Run
from training.runs.tasks import train_next
from training.sweeps.models import Sweep

pytestmark = pytest.mark.django_db(transaction=True)
QUICK = ["--set", "hidden_layers=8", "--epochs", "2"]


@pytest.fixture
def space(tmp_path: Path) -> Path:
    """A file with a space."""
    path = tmp_path / "space.json"
    path.write_text(json.dumps({"learning_rate": [0.01, 0.001], "batch_size": [8, 16]}))
    return path


def run(*words: str) -> str:
    """What the command prints."""
    output = io.StringIO()
    call_command("sweep", *words, stdout=output)
    return output.getvalue()


def test_several_data_sets(dataset: Dataset, other_dataset: Dataset, space: Path) -> None:
    named = ("--dataset", "more", "--dataset", "four")
    assert json.loads(run(*named, "--space", str(space), *QUICK, "--json"))["state"] == "succeeded"
    assert Sweep.objects.get().datasets == [other_dataset, dataset]


def test_in_this_process(dataset: Dataset, space: Path) -> None:
    figures = json.loads(run("--dataset", "four", "--space", str(space), *QUICK, "--seed", "3", "--json"))
    assert (figures["state"], figures["strategy"], len(figures["trials"])) == ("succeeded", "grid", 4)
    best = max(figures["trials"], key=lambda trial: trial["validation_accuracy"])
    assert figures["best"]["validation_accuracy"] == best["validation_accuracy"]
    assert {run.seed for run in Run.objects.all()} == {3}
    assert Sweep.objects.get().base["hidden_layers"] == [8]


def test_in_words(dataset: Dataset, space: Path) -> None:
    assert "Best on validation" in run("--dataset", "four", "--space", str(space), *QUICK)


def test_through_the_queue(dataset: Dataset, space: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.sweeps.terminal.POLL_SECONDS", 0.05)

    def worker() -> None:
        try:
            while Run.objects.filter(state=State.SUCCEEDED).count() < 4:
                train_next()
        finally:
            connection.close()

    thread = threading.Thread(target=worker)
    thread.start()
    figures = json.loads(run("--dataset", "four", "--space", str(space), *QUICK, "--queue", "--json"))
    thread.join()
    assert figures["state"] == "succeeded"


def test_a_trial_that_a_worker_has_taken_is_left_to_it(
    dataset: Dataset, space: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_here(run: Run) -> None:
        lifecycle.finish(run, State.SUCCEEDED, validation_accuracy=0.5)
        other = Run.objects.filter(state=State.QUEUED).order_by("pk").first()
        if other is not None and lifecycle.claim(Run, other.pk, attempt=other.attempt, worker="another"):
            other.refresh_from_db()
            lifecycle.finish(other, State.SUCCEEDED, validation_accuracy=0.7)

    monkeypatch.setattr("training.sweeps.terminal.run_here", run_here)
    figures = json.loads(run("--dataset", "four", "--space", str(space), *QUICK, "--json"))
    assert [trial["validation_accuracy"] for trial in figures["trials"]] == [0.5, 0.7, 0.5, 0.7]
    assert figures["best"]["run"] == figures["trials"][1]["run"]


def test_an_interrupt_cancels_the_rest(dataset: Dataset, space: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.sweeps.terminal.run_here", lambda run: lifecycle.finish(run, State.CANCELLED))
    with pytest.raises(CommandError, match="cancelled") as caught:
        run("--dataset", "four", "--space", str(space), *QUICK)
    assert caught.value.returncode == 130
    assert set(Run.objects.values_list("state", flat=True)) == {State.CANCELLED}


@pytest.mark.parametrize(
    ("content", "words", "error"),
    [
        ('{"learning_rate": [0.1]', [], "is not JSON"),
        ("[" * 5000, [], "is not JSON"),
        ("[]", [], "at least one hyperparameter"),
        ('{"learning_rat": [0.1]}', [], "Did you mean learning_rate"),
        ('{"l2": [1, 2]}', ["--trials", "1"], "at most 1"),
        ('{"l2": [1, 2]}', ["--strategy", "oracle"], "no strategy"),
        ('{"l2": [1, 2]}', ["--set", "batch_size"], "KEY=VALUE"),
        ('{"l2": [1, 2]}', ["--set", "batch_size=0"], "batch_size"),
        ('{"l2": [1, 2]}', ["--preset", "none"], "no preset"),
        ('{"l2": [1, 2], "l2": [3]}', [], "l2 is named twice"),
        ('{"l2": {"low": 1, "high": 2, "low": 0}}', [], "low is named twice"),
        ('{"l2": [1, 2]}', ["--set", "l2=3"], "l2 is varied and given a value as well"),
        ('{"seed": [1, 2]}', ["--seed", "3"], "seed is varied and given"),
        ('{"epochs": [1, 2]}', ["--epochs", "3"], "epochs is varied and given"),
        ('{"l2": [1, 2]}', ["--epochs", "3", "--set", "epochs=4"], "a value twice"),
        ('{"l2": [1, 2]}', ["--dataset", "none"], "no data set named “none”; there are: four"),
    ],
)
def test_refuses(dataset: Dataset, tmp_path: Path, content: str, words: list[str], error: str) -> None:
    (tmp_path / "space.json").write_text(content)
    with pytest.raises(CommandError, match=error):
        run("--dataset", "four", "--space", str(tmp_path / "space.json"), *words)
    assert not Sweep.objects.exists()


def test_refuses_a_file_that_is_not_there(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("--dataset", "four", "--space", str(tmp_path / "none.json"))
