"""A sweep's trials are ordinary runs; its state is theirs."""

from collections import Counter

import pytest
from django.db import transaction

from recognizer.core.model_card import parameter_count
from recognizer.models import StoredModel
from tests.training.sweeps.conftest import QUICK, MakeSweep, TrainAll
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.jobs.models import State
from training.runs.checks import RunError
from training.runs.models import Run
from training.sweeps import services
from training.sweeps.errors import OptionError
from training.sweeps.models import Phase, Reason, Sweep, SweepProgress, Trial
from training.sweeps.options import SearchLimits, SweepOptions
from training.sweeps.search import deciding
from training.sweeps.space.space import Space, SpaceError

pytestmark = pytest.mark.django_db(transaction=True)


def test_trials_are_queued_runs_made_a_few_at_a_time(make_sweep: MakeSweep, woken: list[str]) -> None:
    sweep = make_sweep()
    assert [(run.state, run.is_trial) for run in sweep.runs()] == [(State.QUEUED, True)] * deciding.TRIALS_AHEAD
    assert woken == ["runs.run"] * deciding.TRIALS_AHEAD
    assert sweep.name == "four: Learning rate × Hidden layers"
    assert (sweep.progress.state, sweep.progress.total, sweep.max_trials) == (State.QUEUED, 4, 4)


def test_the_whole_grid_is_trained(make_sweep: MakeSweep, train_all: TrainAll) -> None:
    sweep = make_sweep()
    train_all()
    assert [trial.values for trial in sweep.trials.all()] == [
        {"learning_rate": 0.1, "hidden_layers": [8]},
        {"learning_rate": 0.1, "hidden_layers": [4, 4]},
        {"learning_rate": 1e-7, "hidden_layers": [8]},
        {"learning_rate": 1e-7, "hidden_layers": [4, 4]},
    ]
    for trial, run in zip(sweep.trials.all(), sweep.runs(), strict=True):
        assert {name: run.hyperparameters[name] for name in trial.values} == trial.values
        assert run.epochs == 2, "the rest is as in the base"
        assert trial.parameters == parameter_count((784, *trial.values["hidden_layers"], 4))
    ended = Sweep.objects.get()
    assert (ended.phase, ended.reason, ended.progress.state) == (Phase.CLOSED, Reason.TRIALS, State.SUCCEEDED)


def test_several_data_sets_are_trained_on_together(
    dataset: Dataset, other_dataset: Dataset, train_all: TrainAll
) -> None:
    sweep = services.create_sweep([dataset, other_dataset], QUICK, Space.from_mapping({"l2": [0, 1, 2]}))
    assert sweep.name == "four + more: L2"
    train_all()
    for run in sweep.runs():
        assert [source.dataset for source in run.sources.order_by("place")] == [dataset, other_dataset]
        assert (run.state, run.training_images) == (State.SUCCEEDED, 160)
    assert Sweep.objects.get().progress.state == State.SUCCEEDED


def test_one_of_several_data_sets_is_deleted_meanwhile(dataset: Dataset, other_dataset: Dataset) -> None:
    sweep = services.create_sweep([dataset, other_dataset], QUICK, Space.from_mapping({"l2": [0, 1, 2, 3, 4]}))
    Dataset.objects.filter(pk=other_dataset.pk).delete()
    services.advance_all()
    assert (Sweep.objects.get().phase, Sweep.objects.get().reason) == (Phase.CLOSED, Reason.DATASET)
    with pytest.raises(RunError, match="was deleted"), transaction.atomic():
        services._create_trial(sweep, deciding.NewTrial({"l2": 9.0}))


def test_trials_never_see_the_test_split(make_sweep: MakeSweep, dataset: Dataset, train_all: TrainAll) -> None:
    sweep = make_sweep()
    train_all()
    runs = list(sweep.runs())
    assert [run.state for run in runs] == [State.SUCCEEDED] * 4
    assert all(run.test_accuracy is None for run in runs)
    assert Split.TEST not in dataset.seen  # type: ignore[attr-defined]
    assert not StoredModel.objects.exists(), "a trial's network stays out of the catalogue"


def test_the_best_is_the_best_on_validation(make_sweep: MakeSweep, train_all: TrainAll) -> None:
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
    ("counts", "phase", "reason", "state"),
    [
        ({"queued": 3}, Phase.SEARCHING, "", State.QUEUED),
        ({}, Phase.SEARCHING, "", State.QUEUED),
        ({"queued": 2, "running": 1}, Phase.SEARCHING, "", State.RUNNING),
        ({"queued": 2, "succeeded": 1}, Phase.SEARCHING, "", State.RUNNING),
        ({"succeeded": 3}, Phase.SEARCHING, "", State.RUNNING),
        ({"succeeded": 3}, Phase.REPEATING, "trials", State.RUNNING),
        ({"succeeded": 3, "running": 1}, Phase.CLOSED, "target", State.RUNNING),
        ({"succeeded": 3, "running": 1}, Phase.PAUSED, "", State.RUNNING),
        ({"succeeded": 3, "paused": 1}, Phase.PAUSED, "", State.PAUSED),
        ({"succeeded": 3, "paused": 1}, Phase.CLOSED, "trials", State.RUNNING),
        ({"succeeded": 2, "failed": 1}, Phase.CLOSED, "space", State.SUCCEEDED),
        ({"failed": 3}, Phase.CLOSED, "failing", State.FAILED),
        ({"succeeded": 2, "cancelled": 1}, Phase.CLOSED, "target", State.SUCCEEDED),
        ({"succeeded": 2, "cancelled": 1}, Phase.CLOSED, "cancelled", State.CANCELLED),
        ({"succeeded": 2, "pruned": 1}, Phase.CLOSED, "trials", State.SUCCEEDED),
    ],
)
def test_state_follows_from_phase_and_trials(counts: dict[str, int], phase: Phase, reason: str, state: State) -> None:
    assert SweepProgress(Counter(counts), phase, reason, 3).state == state


def test_delete_takes_the_runs_along(make_sweep: MakeSweep) -> None:
    kept = make_sweep()
    services.delete(make_sweep())
    assert Sweep.objects.get() == kept
    assert Trial.objects.count() == Run.objects.count() == deciding.TRIALS_AHEAD


@pytest.mark.parametrize(
    ("space", "options", "words"),
    [
        ({"l2": [1, 2]}, {"max_trials": 1}, "at most 1"),
        ({"l2": [1], "output": ["softmax", "sigmoid"]}, {}, "output = sigmoid"),
        ({"l2": {"low": 0, "high": 1}}, {}, "no end over a range"),
        ({"output": ["sigmoid"]}, {"strategy": "random"}, "No point of this space can be trained"),
        ({"output": ["sigmoid"]}, {"strategy": "tpe"}, "No point of this space can be trained"),
    ],
)
def test_nothing_is_made_of_what_cannot_be(
    make_sweep: MakeSweep, space: object, options: dict[str, object], words: str
) -> None:
    with pytest.raises(SpaceError, match=words):
        make_sweep(space, **options)
    assert not Sweep.objects.exists()
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("options", "option", "words"),
    [
        ({"strategy": "oracle"}, "strategy", "no strategy “oracle”; there are: grid"),
        ({"objectives": ("accuracy", "beauty")}, "objectives", "no objective “beauty”"),
        ({"objectives": ("parameters",)}, "objectives", "Accuracy must be among"),
        ({"objectives": ("accuracy", "accuracy")}, "objectives", "twice"),
        ({"objectives": ("accuracy", "time", "parameters")}, "objectives", "at most 2"),
        ({"objectives": ("accuracy", "time"), "strategy": "one-at-a-time"}, "objectives", "at most 1"),
        ({"prune": "axe"}, "prune", "no pruning “axe”; there are: asha, median"),
        ({"repeats": 2}, "repeats", "both"),
        ({"repeat_best": 2}, "repeats", "both"),
        ({"repeat_best": 99, "repeats": 1}, "repeat_best", "between 0 and 20"),
        ({"seed": -1}, "seed", "between 0"),
    ],
)
def test_options_that_cannot_be(options: dict[str, object], option: str, words: str) -> None:
    with pytest.raises(OptionError, match=words) as caught:
        SweepOptions(**options)  # type: ignore[arg-type]
    assert caught.value.option == option


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_trials", 0),
        ("max_trials", 2001),
        ("max_hours", 0.0),
        ("max_hours", float("nan")),
        ("max_hours", 1e9),
        ("target", 1.5),
        ("target", -0.1),
        ("patience", 0),
        ("parallel", 0),
        ("parallel", 1000),
    ],
)
def test_limits_that_cannot_be(name: str, value: float) -> None:
    with pytest.raises(OptionError, match=name) as caught:
        SearchLimits(**{name: value})  # type: ignore[arg-type]
    assert caught.value.option == name


def test_a_data_set_that_cannot_be_trained_on(make_sweep: MakeSweep, dataset: Dataset) -> None:
    dataset.report["counts"]["validation"] = [0] * 4
    with pytest.raises(RunError, match="no validation pictures"):
        make_sweep()
    assert not Sweep.objects.exists()
