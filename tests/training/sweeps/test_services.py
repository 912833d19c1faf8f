"""What a person does with a sweep while it runs."""

import pytest

from tests.training.sweeps.conftest import MakeSweep, TrainAll
from tests.training.sweeps.search.test_deciding import MANY, claim, end, fresh, play, states
from training.datasets.models import Dataset
from training.jobs.models import State
from training.runs.models import Run
from training.sweeps import services
from training.sweeps.errors import ControlError
from training.sweeps.models import Phase, Reason, TrialKind
from training.sweeps.options import SearchLimits
from training.sweeps.space.space import SpaceError

pytestmark = pytest.mark.django_db(transaction=True)


def test_pause_and_resume(make_sweep: MakeSweep, train_all: TrainAll) -> None:
    sweep = make_sweep(MANY)
    play(sweep, [0.5])
    assert services.pause(sweep)
    assert not services.pause(sweep)
    paused = fresh(sweep)
    assert (paused.phase, paused.progress.state, paused.clock_started_at) == (Phase.PAUSED, State.PAUSED, None)
    assert states(sweep) == [State.SUCCEEDED] + [State.PAUSED] * 2
    services.advance_all()
    assert len(states(sweep)) == 3
    assert services.resume(sweep)
    assert not services.resume(sweep)
    train_all()
    ended = fresh(sweep)
    assert ended.progress.state == State.SUCCEEDED
    assert states(sweep) == [State.SUCCEEDED] * 10


def test_what_runs_is_asked_to_pause_and_may_go_on(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    run = claim(sweep)
    services.pause(sweep)
    assert Run.objects.get(pk=run.pk).pause_requested
    assert fresh(sweep).progress.state == State.RUNNING, "until its worker has let go"
    services.resume(sweep)
    assert not Run.objects.get(pk=run.pk).pause_requested


def test_stop_lets_end_what_runs(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    run = claim(sweep)
    assert services.stop(sweep)
    assert not services.stop(sweep)
    assert states(sweep) == [State.RUNNING] + [State.CANCELLED] * 2
    end(run, 0.5)
    ended = fresh(sweep)
    assert (ended.reason, ended.progress.state, len(states(sweep))) == (Reason.STOPPED, State.SUCCEEDED, 3)


def test_stop_after_a_pause_cancels_what_was_paused(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    services.pause(sweep)
    services.stop(sweep)
    assert states(sweep) == [State.CANCELLED] * 2


def test_cancel_ends_what_has_not_ended(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    play(sweep, [0.5])
    assert services.cancel(sweep) == 2
    assert services.cancel(sweep) == 0
    ended = fresh(sweep)
    assert ended.progress.counts == {State.SUCCEEDED: 1, State.CANCELLED: 2}
    assert ended.progress.state == State.CANCELLED


def test_cancel_leaves_a_finished_sweep_as_it_is(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [0]})
    play(sweep, [0.5])
    assert services.cancel(sweep) == 0
    assert fresh(sweep).progress.state == State.SUCCEEDED


def test_extend_goes_on_where_it_ended(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY, strategy="random", max_trials=3, patience=2)
    play(sweep, [0.5, 0.4, 0.3])
    assert fresh(sweep).reason == Reason.PATIENCE
    with pytest.raises(ControlError, match="3 trials already"):
        services.extend(sweep, SearchLimits(max_trials=3))
    services.extend(sweep, SearchLimits(max_trials=5, patience=4, target=0.99))
    again = fresh(sweep)
    assert (again.phase, again.reason, again.max_trials, again.patience) == (Phase.SEARCHING, "", 5, 4)
    assert again.clock_started_at is not None
    play(sweep, [0.1, 0.2])
    assert (fresh(sweep).reason, len(states(sweep))) == (Reason.PATIENCE, 5)


def test_extend_refuses_what_cannot_go_on(make_sweep: MakeSweep, dataset: Dataset) -> None:
    sweep = make_sweep(MANY)
    services.pause(sweep)
    with pytest.raises(ControlError, match="paused"):
        services.extend(sweep, SearchLimits(max_trials=50))
    services.stop(sweep)
    dataset.delete()
    with pytest.raises(ControlError, match="deleted"):
        services.extend(sweep, SearchLimits(max_trials=50))


def test_a_trial_by_hand(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [0], "hidden_layers": [[8]]})
    play(sweep, [0.5])
    trial = services.add_trial(sweep, {"l2": "0.25", "hidden_layers": "16-8"})
    assert (trial.kind, trial.position, trial.values) == (TrialKind.MANUAL, 1, {"l2": 0.25, "hidden_layers": [16, 8]})
    assert fresh(sweep).progress.state == State.RUNNING
    play(sweep, [0.75])
    ended = fresh(sweep)
    assert ended.progress.state == State.SUCCEEDED
    assert ended.best() == trial


def test_a_trial_by_hand_while_it_searches(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    trial = services.add_trial(sweep, {"l2": "7"})
    assert trial.position == 2
    play(sweep, [0.1] * 10)
    values = [trial.values["l2"] for trial in sweep.trials.all()]
    assert sorted(values) == [*range(10)], "the grid leaves out what was tried by hand"


@pytest.mark.parametrize(
    ("typed", "words"),
    [({}, "l2 has no value"), ({"l2": "much"}, "must be a number"), ({"l2": "-1"}, "between")],
)
def test_a_trial_that_cannot_be(make_sweep: MakeSweep, typed: dict[str, object], words: str) -> None:
    sweep = make_sweep(MANY)
    with pytest.raises(SpaceError, match=words):
        services.add_trial(sweep, typed)
    assert len(states(sweep)) == 2


def test_no_trial_by_hand_in_a_pause_or_without_data(make_sweep: MakeSweep, dataset: Dataset) -> None:
    sweep = make_sweep(MANY)
    services.pause(sweep)
    with pytest.raises(ControlError, match="paused"):
        services.add_trial(sweep, {"l2": 1})
    services.cancel(sweep)
    dataset.delete()
    with pytest.raises(ControlError, match="deleted"):
        services.add_trial(sweep, {"l2": 1})
