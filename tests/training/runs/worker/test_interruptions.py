"""A run that is killed, stopped, paused or starved in the middle: nothing is lost and nothing is done twice."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from recognizer import loading
from recognizer.models import StoredModel
from tests.product import wait_until
from tests.training.runs.conftest import QUICK, MakeRun, TrainRun
from training.core import checkpoint
from training.core.trainer import EpochMetrics, TrainingState
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker import work_loop
from training.jobs.worker.work_loop import Lease, work, work_next
from training.runs import services
from training.runs.models import Epoch, Run
from training.runs.worker import checkpoints, disk_full, execution, finish, samples

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process dies here: nothing that comes after it is done, not even an `except Exception`."""


def attempt() -> None:
    """One attempt at the next run, which may be killed."""
    try:
        work_next(Run, execution.execute)
    except Killed:
        reaper = lifecycle.Reaper()
        assert sum(reaper.look() for _ in range(settings.JOB_MISSED_HEARTBEATS + 1)) == 1


def kill_at(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, *, call: int, after: bool) -> None:
    """Let the process die before or after one call of a function."""
    real, calls = getattr(owner, name), 0

    def dying(*args: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            raise Killed
        result = real(*args, **options)
        if calls == call:
            raise Killed
        return result

    monkeypatch.setattr(owner, name, dying)


@pytest.mark.parametrize(
    ("owner", "name", "call", "after"),
    [
        (checkpoints, "save", 1, False),
        (checkpoints, "save", 1, True),
        (checkpoints, "save", 3, True),
        (services, "record_epoch", 1, True),
        (services, "record_epoch", 2, False),
        (services, "record_epoch", 3, True),
        (execution, "conclude", 1, False),
        (execution, "conclude", 1, True),
        (finish, "_add_model", 1, False),
        (finish, "_add_model", 1, True),
        (lifecycle, "finish", 1, False),
        (services, "complete_run", 1, True),
    ],
)
def test_a_kill_at_any_instant_loses_nothing_and_does_nothing_twice(
    undisturbed: TrainRun,
    make_run: MakeRun,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    call: int,
    after: bool,
) -> None:
    first = undisturbed()
    dataset = first.sources.get().dataset
    run = make_run(dataset)
    with monkeypatch.context() as patch:
        kill_at(patch, owner, name, call=call, after=after)
        if (owner, name, after) == (execution, "conclude", True):
            with pytest.raises(Killed):
                work_next(Run, execution.execute)
        else:
            attempt()
    work_next(Run, execution.execute)
    again = Run.objects.get(pk=run.pk)
    assert again.state == State.SUCCEEDED, again.error
    assert again.weights_sha256 == first.weights_sha256
    assert [figures(row) for row in again.rows.all()] == [figures(row) for row in first.rows.all()]
    assert StoredModel.objects.filter(runs=again).count() == 1
    assert StoredModel.objects.count() == 2
    assert len(list(loading.folder().iterdir())) == 2


def figures(row: Epoch) -> tuple[float, ...]:
    """All of an epoch but its time."""
    return (row.epoch, row.train_cost, row.train_accuracy, row.validation_cost, row.validation_accuracy)


def test_an_attempt_that_finished_an_epoch_was_not_fruitless(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run()
    Run.objects.filter(pk=run.pk).update(attempts_without_progress=2)
    with monkeypatch.context() as patch:
        kill_at(patch, checkpoints, "save", call=2, after=False)
        attempt()
    row = Run.objects.get(pk=run.pk)
    assert (row.state, row.epoch, row.attempts_without_progress) == (State.QUEUED, 1, 1)


def test_it_goes_on_from_its_checkpoint(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run()
    with monkeypatch.context() as patch:
        kill_at(patch, checkpoints, "save", call=3, after=False)
        attempt()
    saved: list[int] = []
    monkeypatch.setattr(checkpoints, "save", lambda run, state: saved.append(state.epoch))
    work_next(Run, execution.execute)
    assert saved == [3]
    assert ("goes on", "after epoch 2") in run.events.values_list("name", "text")


def test_a_damaged_checkpoint_is_passed_over(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run()
    with monkeypatch.context() as patch:
        kill_at(patch, checkpoints, "save", call=3, after=False)
        attempt()
    newest = checkpoints.folder_of(run) / "epoch-000002.npz"
    newest.write_bytes(newest.read_bytes()[:-100])
    work_next(Run, execution.execute)
    assert Run.objects.get(pk=run.pk).state == State.SUCCEEDED
    assert list(run.rows.values_list("epoch", flat=True)) == [1, 2, 3]
    assert ("goes on", "after epoch 1") in run.events.values_list("name", "text")


@pytest.mark.parametrize("what", ["recipe", "letters", "teachers"])
def test_checkpoints_of_another_database_are_not_gone_on_from(what: str, make_run: MakeRun) -> None:
    run = make_run()
    recipe = replace(QUICK, seed=9) if what == "recipe" else QUICK
    state = TrainingState.begin(recipe, n_inputs=784, n_classes=5 if what == "letters" else 4)
    state.epoch = 3
    state.teachers = ("0" * 64,) if what == "teachers" else ()
    Run.objects.filter(pk=run.pk).update(epoch=3)
    folder = checkpoints.folder_of(run)
    folder.mkdir()
    checkpoint.save(folder / "epoch-000003.npz", state)
    work_next(Run, execution.execute)
    assert list(run.rows.values_list("epoch", flat=True)) == [1, 2, 3]


def test_only_the_last_two_checkpoints_are_kept_and_none_after_the_end(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_run(hyperparameters=replace(QUICK, epochs=5))
    seen: list[list[str]] = []
    monkeypatch.setattr(execution, "conclude", lambda run, *_rest: seen.append(names(checkpoints.folder_of(run))))
    work_next(Run, execution.execute)
    assert seen == [["epoch-000004.npz", "epoch-000005.npz"]]
    assert checkpoints.prune() == 1
    assert names(checkpoints.root()) == []


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_full_disk_is_waited_for_and_a_cancel_ends_the_waiting(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run: Run, state: object) -> None:
        tries.append(run.epoch)
        if len(tries) == 3:
            lifecycle.request_cancel(run)
        raise OSError(errno.ENOSPC, "No space left on device")

    tries: list[int] = []
    run = make_run()
    monkeypatch.setattr(checkpoints, "save", refuse)
    monkeypatch.setattr(disk_full, "LOOK_SECONDS", 0.3)
    work_next(Run, execution.execute)
    row = Run.objects.get(pk=run.pk)
    assert (row.state, row.epoch) == (State.CANCELLED, 0)
    assert len(tries) >= 3
    assert list(row.events.filter(name="disk full").values_list("text", flat=True)) == ["no room is left on the disk"]


def test_a_cancel_between_mini_batches_throws_the_begun_epoch_away(make_run: MakeRun) -> None:
    run = make_run(hyperparameters=replace(QUICK, epochs=1000))

    def execute(run: Run, lease: Lease) -> None:
        asked = 0

        def should_stop() -> bool:
            nonlocal asked
            asked += 1
            if asked == 12:  # five mini-batches an epoch: in the third one
                lease.cancel()
            return lease.cancelled

        lease.should_stop = should_stop  # type: ignore[method-assign]
        execution.execute(run, lease)

    assert work_next(Run, execute)
    row = Run.objects.get(pk=run.pk)
    assert row.state == State.CANCELLED
    assert row.epoch == row.rows.count() <= 2


def test_a_worker_told_to_stop_gives_the_run_back_and_another_ends_it_with_the_same_bits(
    undisturbed: TrainRun, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = undisturbed()
    run = make_run(first.sources.get().dataset)
    record = services.record_epoch

    def then_stop(run: Run, metrics: EpochMetrics) -> None:
        record(run, metrics)
        patch.setattr(work_loop, "is_shutting_down", lambda: True)

    with monkeypatch.context() as patch:
        patch.setattr(services, "record_epoch", then_stop)
        work_next(Run, execution.execute)
    row = Run.objects.get(pk=run.pk)
    assert (row.state, row.epoch) == (State.QUEUED, 1)
    work_next(Run, execution.execute)
    assert Run.objects.get(pk=run.pk).weights_sha256 == first.weights_sha256


def test_paused_it_goes_on_from_its_checkpoint_to_the_same_bits(
    undisturbed: TrainRun, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = undisturbed()
    run = make_run(first.sources.get().dataset)
    record = services.record_epoch

    def then_pause(run: Run, metrics: EpochMetrics) -> None:
        record(run, metrics)
        assert lifecycle.request_pause(run)
        wait_until(held[0].should_stop)

    held: list[Lease] = []

    def execute(run: Run, lease: Lease) -> None:
        held.append(lease)
        execution.execute(run, lease)

    with monkeypatch.context() as patch:
        patch.setattr(services, "record_epoch", then_pause)
        assert work_next(Run, execute)
    row = Run.objects.get(pk=run.pk)
    assert (row.state, row.epoch, row.worker, row.finished_at) == (State.PAUSED, 1, "", None)
    checkpoints.prune()
    assert names(checkpoints.folder_of(run)) == ["epoch-000001.npz"]
    assert not work_next(Run, execution.execute)
    assert lifecycle.resume(row)
    assert work_next(Run, execution.execute)
    row = Run.objects.get(pk=run.pk)
    assert (row.state, row.weights_sha256) == (State.SUCCEEDED, first.weights_sha256)
    assert ("goes on", "after epoch 1") in run.events.values_list("name", "text")


def test_memory_that_runs_out_ends_the_run_after_three_attempts(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def devour(*_words: object) -> None:
        raise MemoryError

    run = make_run()
    monkeypatch.setattr(samples, "load", devour)
    assert [work_next(Run, execution.execute) for _ in range(4)] == [True, True, True, False]
    row = Run.objects.get(pk=run.pk)
    assert (row.state, row.attempt) == (State.FAILED, 3)
    assert row.error == "Memory ran out 3 times in a row before anything was achieved."


def test_an_attempt_that_lost_its_claim_writes_nothing_more(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run()
    save = checkpoints.save

    def then_lose(run: Run, state: TrainingState) -> None:
        save(run, state)
        if state.epoch == 2:
            Run.objects.filter(pk=run.pk).update(attempt=5)

    monkeypatch.setattr(checkpoints, "save", then_lose)
    held = lifecycle.claim_next(Run, worker="slow")
    assert held is not None
    work(held, execution.execute)
    row = Run.objects.get(pk=run.pk)
    assert (row.state, row.attempt, row.epoch) == (State.RUNNING, 5, 1)
    assert list(run.rows.values_list("epoch", flat=True)) == [1]
    assert StoredModel.objects.count() == 0
