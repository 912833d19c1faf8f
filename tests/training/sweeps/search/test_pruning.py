"""Poor trials end early: the two rules, and a sweep that prunes."""

from collections.abc import Sequence

import optuna
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from optuna.trial import TrialState, create_trial

from tests.training.sweeps.conftest import MakeSweep
from tests.training.sweeps.search.test_deciding import claim, states
from training.core.trainer import EpochMetrics
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs.models import Run
from training.runs.services import record_epoch
from training.sweeps.models import Sweep
from training.sweeps.search import pruning

EPOCHS = 27
ACCURACIES = st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.4, 0.5]), min_size=0, max_size=12)


def test_rungs() -> None:
    assert pruning.rungs(27) == [9, 3, 1]
    assert pruning.rungs(10) == [3, 1]
    assert pruning.rungs(2) == []


def test_the_best_third_goes_on() -> None:
    others = [0.1, 0.2, 0.3, 0.4, 0.5]
    stopped = [pruning.asha(own, others, 9, EPOCHS) for own in (0.6, 0.45, 0.35, 0.05)]
    assert stopped == [False, False, True, True]
    assert not pruning.asha(0.05, others, 8, EPOCHS), "only at a rung"
    assert not pruning.asha(0.05, [], 9, EPOCHS), "the first one goes on"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(own=st.sampled_from([0.05, 0.15, 0.25, 0.35]), others=ACCURACIES, epoch=st.integers(1, EPOCHS - 1))
def test_the_median_rule_is_that_of_optuna(own: float, others: Sequence[float], epoch: int) -> None:
    """With trials that have one value each, Optuna's pruner and ours stop the same ones."""
    pruner = optuna.pruners.MedianPruner(n_startup_trials=pruning.STARTUP, n_warmup_steps=EPOCHS // 10 + 1)
    study = optuna.create_study(direction="maximize")
    study.add_trials(
        [create_trial(state=TrialState.COMPLETE, value=each, intermediate_values={epoch: each}) for each in others]
    )
    trial = create_trial(state=TrialState.RUNNING, intermediate_values={epoch: own})
    assert pruning.median(own, others, epoch, EPOCHS) == pruner.prune(study, trial)


def epochs(run: Run, accuracies: Sequence[float]) -> None:
    """Record this many epochs of a held run."""
    for number, accuracy in enumerate(accuracies, start=run.epoch + 1):
        record_epoch(run, EpochMetrics(number, 1.0, accuracy, 1.0, accuracy, 0.1))


def ended(sweep: Sweep, accuracies: Sequence[float]) -> None:
    """A trial that trained to its end."""
    run = claim(sweep)
    epochs(run, accuracies)
    lifecycle.finish(run, State.SUCCEEDED, validation_accuracy=accuracies[-1])


@pytest.mark.django_db(transaction=True)
def test_a_poor_trial_is_asked_to_end(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [*range(6)]}, prune="asha", base={"epochs": 9}, parallel=1)
    ended(sweep, [0.2, 0.3, 0.5, 0.5, 0.6, 0.6, 0.7, 0.7, 0.8])
    run = claim(sweep)
    epochs(run, [0.3])
    assert not Run.objects.get(pk=run.pk).prune_requested, "better at the rung of epoch 1"
    epochs(run, [0.3])
    assert not Run.objects.get(pk=run.pk).prune_requested, "epoch 2 is no rung"
    epochs(run, [0.4])
    assert Run.objects.get(pk=run.pk).prune_requested
    lifecycle.give_back(run)
    assert states(sweep)[:3] == [State.SUCCEEDED, State.PRUNED, State.QUEUED], "and the next one has come"
    assert "at best 40.00% by epoch 3, poor beside 1 other trials" in run.events.get(name="prune requested").text


@pytest.mark.django_db(transaction=True)
def test_median_waits_for_others(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [*range(8)]}, prune="median", base={"epochs": 4}, parallel=1)
    for _trial in range(pruning.STARTUP):
        ended(sweep, [0.5, 0.6, 0.7, 0.8])
    run = claim(sweep)
    epochs(run, [0.1])
    assert Run.objects.get(pk=run.pk).prune_requested


@pytest.mark.django_db(transaction=True)
def test_without_pruning_no_rule_is_asked(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [*range(6)]}, base={"epochs": 9}, parallel=1)
    ended(sweep, [0.9] * 9)
    run = claim(sweep)
    epochs(run, [0.1, 0.1, 0.1])
    assert not Run.objects.get(pk=run.pk).prune_requested


@pytest.mark.django_db(transaction=True)
def test_repeats_are_trained_to_their_end(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [0, 1]}, prune="asha", base={"epochs": 3}, parallel=1, repeat_best=1, repeats=1)
    ended(sweep, [0.5, 0.6, 0.7])
    ended(sweep, [0.6, 0.6, 0.7])
    run = claim(sweep)
    epochs(run, [0.1])
    assert not Run.objects.get(pk=run.pk).prune_requested
