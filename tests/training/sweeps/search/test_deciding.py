"""Trials are proposed by the database's truth alone: nothing twice, nothing lost, and an end for a reason."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from tests.training.sweeps.conftest import MakeSweep, TrainAll
from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs.models import Run
from training.runs.tasks import train_next
from training.sweeps import services
from training.sweeps.models import Phase, Reason, Sweep, TrialKind
from training.sweeps.search import deciding, pareto
from training.sweeps.search.repeats import repeated_trials
from training.sweeps.services import advance_all as advance_task
from training.sweeps.strategies import STRATEGIES

pytestmark = pytest.mark.django_db(transaction=True)
MANY = {"l2": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}


def claim(sweep: Sweep) -> Run:
    """Hold the sweep's next trial."""
    run = lifecycle.claim_next(Run, worker="me", only=Q(trial__sweep=sweep))
    assert run is not None
    return run


def end(run: Run, accuracy: float | None, **fields: Any) -> None:
    """End a held trial well, or with None badly."""
    state = State.FAILED if accuracy is None else State.SUCCEEDED
    lifecycle.finish(run, state, validation_accuracy=accuracy, **fields)


def play(sweep: Sweep, accuracies: list[float | None], **fields: Any) -> None:
    """End this many trials one after the other."""
    for accuracy in accuracies:
        end(claim(sweep), accuracy, **fields)


def states(sweep: Sweep) -> list[str]:
    """States of the trials in order."""
    return list(sweep.runs().values_list("state", flat=True))


def fresh(sweep: Sweep) -> Sweep:
    """As the database has it."""
    return Sweep.objects.get(pk=sweep.pk)


def test_a_few_wait_ahead_however_many_run(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    for running in range(4):
        assert states(sweep) == [State.RUNNING] * running + [State.QUEUED] * 2
        claim(sweep)
    assert fresh(sweep).progress.total == 10


def test_no_more_at_once_than_was_said(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY, parallel=1)
    for number in range(3):
        assert states(sweep) == [State.SUCCEEDED] * number + [State.QUEUED]
        run = claim(sweep)
        assert states(sweep) == [State.SUCCEEDED] * number + [State.RUNNING]
        end(run, 0.5)


def test_two_who_advance_at_once_propose_once(make_sweep: MakeSweep, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = make_sweep(MANY, parallel=3)
    Sweep.objects.update(parallel=6)
    met = threading.Barrier(2)
    decide = deciding.decide

    def slowly(*arguments: object) -> deciding.SweepAction:
        decision = decide(*arguments)  # type: ignore[arg-type]
        met.wait(timeout=900)
        return decision

    def advance() -> None:
        services.advance(sweep.pk)
        connection.close()

    monkeypatch.setattr(deciding, "decide", slowly)
    threads = [threading.Thread(target=advance) for _two in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states(sweep) == [State.QUEUED] * 6
    assert [trial.values["l2"] for trial in sweep.trials.all()] == [0, 1, 2, 3, 4, 5]


def test_what_was_decided_before_a_pause_is_dropped(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    held = fresh(sweep)
    Sweep.objects.update(phase=Phase.PAUSED, generation=held.generation + 1)
    assert not held.change(phases=(Phase.SEARCHING,), reason=Reason.TRIALS)
    assert fresh(sweep).reason == ""


def test_a_lost_call_is_made_up_for_by_the_beat(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    Run.objects.update(state=State.SUCCEEDED, validation_accuracy=0.5)  # no event: as if its process had died
    assert len(states(sweep)) == 2
    advance_task()
    assert states(sweep) == [State.SUCCEEDED] * 2 + [State.QUEUED] * 2


def test_a_proposal_that_fails_leaves_the_run_alone(make_sweep: MakeSweep, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = make_sweep(MANY)
    run = claim(sweep)
    monkeypatch.setattr(deciding, "decide", lambda *_arguments: 1 / 0)
    end(run, 0.5)
    assert states(sweep)[0] == State.SUCCEEDED


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_step_reads_no_whole_trials(make_sweep: MakeSweep, monkeypatch: pytest.MonkeyPatch, strategy: str) -> None:
    sweep = make_sweep(MANY, strategy=strategy, max_trials=10, patience=9, target=0.9)
    play(sweep, [0.5, None, 0.4])
    Run.objects.filter(state=State.QUEUED).update(state=State.RUNNING)
    monkeypatch.setattr(Run, "from_db", lambda *_arguments: pytest.fail("a sweep may have thousands of them"))
    assert len(deciding.decide(fresh(sweep)).trials) == 2


@pytest.mark.parametrize(
    ("limits", "accuracies", "reason", "dropped"),
    [
        ({"max_trials": 4, "strategy": "random"}, [0.1, 0.2, 0.3, 0.4], Reason.TRIALS, 0),
        ({"target": 0.9}, [0.5, 0.95], Reason.TARGET, 2),
        ({"patience": 3}, [0.5, 0.6, 0.6, None, 0.1], Reason.PATIENCE, 2),
        ({}, [None] * 10, Reason.FAILING, 2),
    ],
)
def test_a_search_ends_for_a_reason(
    make_sweep: MakeSweep, limits: dict[str, object], accuracies: list[float | None], reason: Reason, dropped: int
) -> None:
    sweep = make_sweep({"l2": [*range(12)]}, **limits)
    play(sweep, accuracies)
    ended = fresh(sweep)
    assert (ended.phase, ended.reason) == (Phase.CLOSED, reason)
    assert ended.progress.counts[State.CANCELLED] == dropped
    assert ended.progress.is_finished
    assert ended.clock_started_at is None


def test_divergence_is_an_answer_and_no_reason_to_give_up(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [*range(14)]})
    play(sweep, [None] * 10, diverged_epoch=1)
    assert fresh(sweep).phase == Phase.SEARCHING


def test_a_finite_space_ends_when_it_is_tried_out(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [0, 1, 2]}, strategy="random", max_trials=50)
    play(sweep, [0.1, 0.2, 0.3])
    assert (fresh(sweep).reason, len(states(sweep))) == (Reason.SPACE, 3)


def test_time_runs_out_while_trials_run(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY, max_hours=1)
    run = claim(sweep)
    Sweep.objects.update(clock_started_at=timezone.now() - timedelta(minutes=50), clock_seconds=660)
    advance_task()
    ended = fresh(sweep)
    assert ended.reason == Reason.HOURS
    assert states(sweep) == [State.RUNNING] + [State.CANCELLED] * 2
    assert ended.progress.state == State.RUNNING, "what runs ends by itself"
    assert 3655 < ended.clock_seconds < 3670
    end(run, 0.5)
    assert fresh(sweep).progress.state == State.SUCCEEDED


def test_a_data_set_that_is_deleted_meanwhile(make_sweep: MakeSweep, dataset: Dataset) -> None:
    sweep = make_sweep(MANY)
    run = claim(sweep)
    dataset.delete()
    end(run, None)
    ended = fresh(sweep)
    assert (ended.reason, ended.progress.state) == (Reason.DATASET, State.FAILED)
    assert states(sweep) == [State.FAILED] + [State.CANCELLED] * 2
    for dropped in sweep.runs().filter(state=State.CANCELLED):
        assert dropped.events.get(name=State.CANCELLED).text == "its data set was deleted"


def test_the_best_are_repeated_with_other_seeds(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [0, 1, 2, 3]}, repeat_best=2, repeats=2)
    assert sweep.progress.total == 8
    play(sweep, [0.1, 0.4, 0.3, 0.2])
    assert fresh(sweep).phase == Phase.REPEATING
    play(sweep, [0.5, 0.6, 0.2, 0.4])
    ended = fresh(sweep)
    assert (ended.phase, ended.reason, len(states(sweep))) == (Phase.CLOSED, Reason.TRIALS, 8)
    repeats = list(ended.trials.filter(kind=TrialKind.REPEAT).select_related("run", "repeat_of"))
    assert [(trial.values["l2"], trial.run.seed) for trial in repeats] == [(1, 2), (1, 3), (2, 2), (2, 3)]
    told = repeated_trials(list(ended.trials.select_related("run")))
    assert [(each.trial.values["l2"], each.accuracies) for each in told] == [(1, [0.4, 0.5, 0.6]), (2, [0.3, 0.2, 0.4])]
    assert told[0].mean == pytest.approx(0.5)
    assert told[0].spread == pytest.approx(0.1)
    best = ended.best()
    assert best is not None
    assert best.values["l2"] == 1, "a repeat's luck is not the search's"


def test_learning_strategies_take_in_what_came_before(make_sweep: MakeSweep, train_all: TrainAll) -> None:
    space = {"learning_rate": {"low": 1e-6, "high": 0.3, "log": True}, "hidden_layers": [[8], [4, 4]]}
    sweep = make_sweep(space, strategy="tpe", max_trials=13, parallel=1)
    train_all()
    trials = list(sweep.trials.select_related("run"))
    assert [trial.run.state for trial in trials] == [State.SUCCEEDED] * 13
    again = deciding.search_state(fresh(sweep), trials[:12])
    assert STRATEGIES["tpe"].propose(again, 1)[0].values == trials[12].values, "it can be said again"


def test_one_at_a_time_by_real_trainings(make_sweep: MakeSweep, train_all: TrainAll) -> None:
    base = {"learning_rate": 1e-5}
    sweep = make_sweep({"learning_rate": [0.1, 1e-7], "hidden_layers": [[8], [4]]}, strategy="one-at-a-time", base=base)
    train_all()
    ended = fresh(sweep)
    assert ended.reason == Reason.SPACE
    tried = [(trial.values["learning_rate"], trial.values["hidden_layers"]) for trial in ended.trials.all()]
    assert tried[:4] == [(1e-5, [8]), (0.1, [8]), (1e-7, [8]), (0.1, [4])]


def test_two_objectives_have_a_front(make_sweep: MakeSweep) -> None:
    space = {"hidden_layers": [[4], [8], [16], [32]]}
    sweep = make_sweep(space, objectives=("accuracy", "parameters"))
    play(sweep, [0.5, 0.4, 0.7, 0.7])
    trials = list(sweep.trials.select_related("run"))
    front = pareto.front(("accuracy", "parameters"), trials)
    assert [trial.values["hidden_layers"] for trial in front] == [[16], [4]]
    assert [trial.position for trial in pareto.front(("accuracy",), trials)] == [2, 3]


def test_time_for_an_inference_is_measured_once_for_each_network(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"hidden_layers": [[4], [2000, 2000]], "l2": [0, 1]}, objectives=("accuracy", "time"))
    play(sweep, [0.5, 0.5, 0.6, 0.6])
    services.advance(sweep.pk)
    small, same, large, _same = sweep.trials.values_list("inference_seconds", flat=True)
    assert small is not None
    assert large is not None
    assert small == same
    assert 0 < small < large


def test_workers_share_a_sweep_and_lose_nothing(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)

    def worker() -> None:
        while fresh(sweep).is_active or Run.objects.filter(state=State.QUEUED).exists():
            train_next()
        connection.close()

    threads = [threading.Thread(target=worker) for _three in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states(sweep) == [State.SUCCEEDED] * 10
    assert sorted(trial.values["l2"] for trial in sweep.trials.all()) == [*range(10)]
    assert set(sweep.runs().values_list("attempt", flat=True)) == {1}


@pytest.mark.parametrize("strategy", ["grid", "random", "quasi-random", "one-at-a-time", "tpe", "genetic"])
def test_recipes_that_train_the_same_network_are_one_trial(make_sweep: MakeSweep, strategy: str) -> None:
    space = {"optimizer": ["sgd", "nesterov"], "momentum": [0.1, 0.5, 0.9]}
    limit = {} if strategy == "grid" else {"max_trials": 6}
    sweep = make_sweep(space, strategy=strategy, base={"optimizer": "sgd", "momentum": 0.5}, **limit)
    while State.QUEUED in states(sweep):
        play(sweep, [0.5 + sweep.trials.count() / 100])
    values = list(fresh(sweep).trials.values_list("values", flat=True))
    assert sum(each["optimizer"] == "sgd" for each in values) == 1, "momentum has no effect on sgd"
    assert len({each["momentum"] for each in values if each["optimizer"] == "nesterov"}) == len(values) - 1 == 3
    assert fresh(sweep).progress.total == len(values)
    assert fresh(sweep).phase == Phase.CLOSED


def test_a_grid_plans_for_the_networks_that_differ(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"optimizer": ["sgd", "nesterov"], "momentum": [0.1, 0.5, 0.9]})
    assert sweep.progress.total == 4
