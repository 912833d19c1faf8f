"""A sweep's trials are ordinary runs; its state is theirs."""

from collections import Counter

import pytest

from recognizer.models import StoredModel
from tests.training.sweeps.conftest import MakeSweep
from training.datasets.models import Dataset
from training.datasets.splitting import Split
from training.jobs.models import State
from training.runs.creation import RunError
from training.runs.models import Run
from training.runs.tasks import train_next
from training.sweeps import creation
from training.sweeps.models import Progress, Sweep, Trial
from training.sweeps.spaces import SpaceError

pytestmark = pytest.mark.django_db(transaction=True)


def train_all() -> None:
    """Work until nothing waits."""
    while Run.objects.filter(state=State.QUEUED).exists():
        train_next()


def test_every_trial_is_a_queued_run(make_sweep: MakeSweep, dataset: Dataset, woken: list[str]) -> None:
    sweep = make_sweep()
    runs = list(sweep.runs())
    assert [(run.state, run.is_trial) for run in runs] == [(State.QUEUED, True)] * 4
    assert [trial.values for trial in sweep.trials.all()] == [
        {"learning_rate": 0.1, "hidden_layers": [8]},
        {"learning_rate": 0.1, "hidden_layers": [4, 4]},
        {"learning_rate": 1e-7, "hidden_layers": [8]},
        {"learning_rate": 1e-7, "hidden_layers": [4, 4]},
    ]
    for trial, run in zip(sweep.trials.all(), runs, strict=True):
        assert {name: run.hyperparameters[name] for name in trial.values} == trial.values
        assert run.epochs == 2, "the rest is as in the base"
    assert woken == ["runs.run"] * 4
    assert sweep.name == "four: learning_rate × hidden_layers"
    assert sweep.progress.state == State.QUEUED


def test_trials_never_see_the_test_split(make_sweep: MakeSweep, dataset: Dataset) -> None:
    sweep = make_sweep()
    train_all()
    runs = list(sweep.runs())
    assert [run.state for run in runs] == [State.SUCCEEDED] * 4
    assert all(run.test_accuracy is None for run in runs)
    assert Split.TEST not in dataset.seen  # type: ignore[attr-defined]
    assert not StoredModel.objects.exists(), "a trial's network stays out of the catalogue"


def test_the_best_is_the_best_on_validation(make_sweep: MakeSweep) -> None:
    sweep = make_sweep()
    assert sweep.best() is None
    train_all()
    sweep = Sweep.objects.get(pk=sweep.pk)
    best = sweep.best()
    assert best is not None
    assert best.run.validation_accuracy == max(run.validation_accuracy or 0 for run in sweep.runs())
    assert best.values["learning_rate"] == 0.1, "the other does not learn"
    first = sweep.trials.earliest("position")
    Run.objects.update(validation_accuracy=0.5)
    assert sweep.best() == first, "among equals the first"
    Run.objects.filter(trial=first).update(state=State.FAILED)
    assert sweep.best() != first


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ({"queued": 3}, State.QUEUED),
        ({"queued": 2, "running": 1}, State.RUNNING),
        ({"queued": 2, "succeeded": 1}, State.RUNNING),
        ({"succeeded": 2, "failed": 1}, State.SUCCEEDED),
        ({"failed": 3}, State.FAILED),
        ({"succeeded": 2, "cancelled": 1}, State.CANCELLED),
    ],
)
def test_state_is_that_of_the_trials(counts: dict[str, int], state: State) -> None:
    assert Progress(Counter(counts)).state == state


def test_cancel_ends_what_has_not_ended(make_sweep: MakeSweep) -> None:
    sweep = make_sweep()
    train_next()
    assert creation.cancel(sweep) == 3
    assert creation.cancel(sweep) == 0
    counts = Sweep.objects.get(pk=sweep.pk).progress.counts
    assert counts == {State.SUCCEEDED: 1, State.CANCELLED: 3}


def test_delete_takes_the_runs_along(make_sweep: MakeSweep) -> None:
    kept = make_sweep()
    creation.delete(make_sweep())
    assert Sweep.objects.get() == kept
    assert Trial.objects.count() == Run.objects.count() == 4


@pytest.mark.parametrize(
    ("space", "options", "words"),
    [
        ({"l2": [1, 2]}, {"strategy": "oracle"}, "no strategy “oracle”"),
        ({"l2": [1, 2]}, {"limit": 1}, "at most 1"),
        ({"l2": [1, 2]}, {"limit": 0}, "between 1 and 400"),
        ({"l2": [1], "output": ["softmax", "sigmoid"]}, {}, "output = sigmoid"),
    ],
)
def test_nothing_is_made_of_what_cannot_be(
    make_sweep: MakeSweep, space: object, options: dict[str, object], words: str
) -> None:
    with pytest.raises(SpaceError, match=words):
        make_sweep(space, **options)
    assert not Sweep.objects.exists()
    assert not Run.objects.exists()


def test_a_data_set_that_cannot_be_trained_on(make_sweep: MakeSweep, dataset: Dataset) -> None:
    dataset.report["counts"]["validation"] = [0] * 4
    with pytest.raises(RunError, match="no validation pictures"):
        make_sweep()
    assert not Sweep.objects.exists()
