"""A run from claim to end: what it leaves, and why it fails."""

import errno
import math
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognizer import loading
from recognizer.core.precision import in_floats
from recognizer.models import StoredModel
from tests.training.four_letters import LETTERS
from tests.training.runs.conftest import QUICK, MakeDataset, MakeRun, TrainRun
from training.core import checkpoint, evaluation
from training.core.evaluation import Tally
from training.core.samples import Samples
from training.core.state import TrainingState
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.jobs.models import State
from training.jobs.worker.work_loop import work_next
from training.runs.models import Run
from training.runs.services import retry_run
from training.runs.worker import artifacts, checkpoints, execution, finish

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_run_ends_with_figures_and_a_model(undisturbed: TrainRun) -> None:
    run = undisturbed(name="quick")
    assert (run.state, run.error, run.epoch, run.progress) == (State.SUCCEEDED, "", 3, 1)
    assert [row.epoch for row in run.rows.all()] == [1, 2, 3]
    assert run.test_accuracy == 1
    assert run.best_validation_accuracy == max(row.validation_accuracy for row in run.rows.all())
    source = run.sources.get()
    assert (source.test_images, source.test_accuracy, source.validation_accuracy) == (24, 1, 1)
    confusion = run.confusion()
    assert confusion is not None
    assert confusion.tolist() == [[6, 0, 0, 0], [0, 6, 0, 0], [0, 0, 6, 0], [0, 0, 0, 6]]


def test_the_model_and_its_card_say_where_it_came_from(undisturbed: TrainRun) -> None:
    run = undisturbed(name="quick", preset="small")
    stored = run.stored_model
    assert stored is not None
    assert (stored.name, stored.source, stored.architecture) == ("quick", "trained", "784-8-4")
    loaded = loading.load_stored(stored)
    assert loaded.network.weights_sha256() == run.weights_sha256 == stored.weights_sha256
    card = loaded.card
    assert (card.letters, card.seed, card.accuracy, card.licence) == (LETTERS, 1, {"four": 1.0}, "CC0")
    assert card.recipe["preset"] == "small"
    assert card.recipe["hidden_layers"] == [8]
    assert card.data_sets["four"]["train"] == 80
    assert "lineage" not in card.data_sets["four"]


@pytest.mark.parametrize("rotation", [0.0, 5.0])
def test_a_run_on_directions_ends_with_a_model_that_reads_them(make_run: MakeRun, rotation: float) -> None:
    run = make_run(
        hyperparameters=replace(QUICK, ink_specification="directions-1", epochs=6, rotation=rotation), name="quick"
    )
    work_next(Run, execution.execute)
    run.refresh_from_db()
    assert (run.state, run.error) == (State.SUCCEEDED, "")
    stored = run.stored_model
    assert stored is not None
    assert (stored.architecture, stored.ink_specification) == ("392-8-4", "directions-1")
    assert run.test_accuracy == loading.load_stored(stored).card.accuracy["four"] > 0.9


def test_the_card_of_a_model_carries_the_lineage_of_its_data(make_dataset: MakeDataset, make_run: MakeRun) -> None:
    dataset = make_dataset()
    dataset.lineage = [{"parent": "raw", "content_sha256": "0" * 64, "rejected": 3, "relabelled": 1}]
    dataset.save()
    run = make_run(dataset)
    work_next(Run, execution.execute)
    run.refresh_from_db()
    assert run.stored_model is not None
    assert loading.load_stored(run.stored_model).card.data_sets["four"]["lineage"] == dataset.lineage


def test_two_data_sets_are_trained_together_and_scored_apart(make_dataset: MakeDataset, make_run: MakeRun) -> None:
    run = make_run(make_dataset("paper"), make_dataset("screen"))
    assert work_next(Run, execution.execute)
    run = Run.objects.get(pk=run.pk)
    assert run.state == State.SUCCEEDED, run.error
    assert run.training_images == 160
    assert [(row.name, row.test_images, row.test_accuracy) for row in run.sources.all()] == [
        ("paper", 24, 1),
        ("screen", 24, 1),
    ]
    assert run.stored_model is not None
    assert run.stored_model.accuracy == {"paper": 1.0, "screen": 1.0}


@pytest.fixture
def made(make_dataset: MakeDataset, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """Synthetic letters of which a network that reads those of people reads none: each has its neighbour's label."""
    dataset = make_dataset("made", made=True)
    load = input_files.load

    def wrong(dataset: Dataset, split: Split, ink_specification: str) -> Samples:
        samples = load(dataset, split, ink_specification)
        is_wrong = dataset.name == "made" and split != Split.TRAIN
        return Samples(samples.inputs, (samples.labels + is_wrong) % len(LETTERS))

    monkeypatch.setattr(input_files, "load", wrong)
    return dataset


def test_synthetic_letters_do_not_count_beside_those_of_people(
    made: Dataset, make_dataset: MakeDataset, make_run: MakeRun
) -> None:
    run = make_run(make_dataset("paper"), made)
    assert work_next(Run, execution.execute)
    run = Run.objects.get(pk=run.pk)
    assert [
        (row.name, row.counts_in_metrics, row.validation_accuracy, row.test_accuracy) for row in run.sources.all()
    ] == [
        ("paper", True, 1, 1),
        ("made", False, 0, 0),
    ]
    assert (run.validation_accuracy, run.best_validation_accuracy, run.test_accuracy) == (1, 1, 1)
    confusion, sheet = run.confusion(), artifacts.read(run)
    assert confusion is not None
    assert confusion.sum() == np.trace(confusion) == made.size(Split.TEST)
    assert sheet is not None
    assert sheet.total == 0


def test_synthetic_letters_count_where_there_are_no_others(made: Dataset, make_run: MakeRun) -> None:
    run = make_run(made)
    assert work_next(Run, execution.execute)
    run = Run.objects.get(pk=run.pk)
    assert run.sources.get().counts_in_metrics
    assert (run.validation_accuracy, run.test_accuracy) == (0, 0)


def test_a_divergence_is_a_failure_with_its_epoch_and_cause(undisturbed: TrainRun) -> None:
    wild = replace(
        QUICK, hidden_layers=(64, 64, 64), optimizer="sgd", learning_rate=100, initializer="normal", epochs=20
    )
    run = undisturbed(hyperparameters=wild)
    assert run.state == State.FAILED
    assert run.diverged_epoch == run.epoch + 1
    assert run.error.startswith(f"The cost was no longer a finite number in epoch {run.diverged_epoch}. Likely cause: ")
    assert StoredModel.objects.count() == 0


@pytest.fixture
def diverged(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run that has ended, with the checkpoints of two epochs.

    The third epoch's cost is made infinite: a rate that ruins just the third would be a matter of luck.
    """
    costs = iter([0.5, 0.4, math.inf])
    result = Tally.result
    monkeypatch.setattr(Tally, "result", lambda self: (next(costs), result(self)[1]))
    monkeypatch.setattr(evaluation, "cost_and_accuracy", lambda *_all: (0.5, 0.5))
    run = make_run()
    assert work_next(Run, execution.execute)
    run.refresh_from_db()
    assert (run.state, run.epoch, run.diverged_epoch) == (State.FAILED, 2, 3)
    return run


def test_a_divergence_leaves_the_last_good_checkpoint(diverged: Run) -> None:
    assert checkpoints.prune() == 0
    state = checkpoints.load_latest(diverged)
    assert state is not None
    assert state.epoch == 2
    assert np.isfinite(state.arrays["parameters"]).all()
    diverged.delete()
    assert list(checkpoints.root().iterdir()) == []


def test_a_damaged_checkpoint_gives_way_to_the_one_before(diverged: Run) -> None:
    newest = checkpoints.folder_of(diverged) / "epoch-000002.npz"
    whole, rng = newest.read_bytes(), random.Random(1)
    headers = [*range(40), *range(len(whole) - 400, len(whole), 4)]
    epochs = set()
    for place in [*headers, *(rng.randrange(len(whole)) for _flip in range(40))]:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << rng.randrange(8)
        newest.write_bytes(damaged)
        state = checkpoints.load_latest(diverged)
        assert state is not None, f"byte {place}"
        epochs.add(state.epoch)
    assert epochs <= {1, 2}  # a bit that nobody reads harms nobody
    assert 1 in epochs


@pytest.mark.parametrize("error", [NotImplementedError("compression"), RuntimeError("encrypted"), SyntaxError()])
def test_whatever_reading_a_checkpoint_raises_means_that_it_is_damaged(
    diverged: Run, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    load = checkpoint.load

    def fails_on_the_newest(path: Path) -> TrainingState:
        if path.name == "epoch-000002.npz":
            raise error
        return load(path)

    monkeypatch.setattr(checkpoint, "load", fails_on_the_newest)
    state = checkpoints.load_latest(diverged)
    assert state is not None
    assert state.epoch == 1


def test_a_trial_is_not_scored_on_test_until_it_is_published(undisturbed: TrainRun) -> None:
    trial = undisturbed(is_trial=True)
    assert trial.state == State.SUCCEEDED
    assert (trial.test_accuracy, trial.stored_model, trial.sources.get().confusion) == (None, None, None)
    assert trial.validation_accuracy == 1
    assert len(trial.weights_sha256) == 64
    checkpoints.prune()
    stored = finish.publish(trial)
    assert stored.weights_sha256 == trial.weights_sha256
    trial = Run.objects.get(pk=trial.pk)
    assert (trial.stored_model, trial.test_accuracy) == (stored, 1)
    assert finish.publish(trial) == stored
    assert StoredModel.objects.count() == 1


def test_a_trial_that_is_published_twice_at_once_is_there_once(undisturbed: TrainRun) -> None:
    trial = undisturbed(is_trial=True)
    other = Run.objects.get(pk=trial.pk)
    finish.publish(trial)
    with pytest.raises(finish.PublishError, match="in the catalogue already"):
        finish.publish(other)
    assert StoredModel.objects.count() == 1


def test_what_has_no_network_cannot_be_published(make_run: MakeRun) -> None:
    run = make_run()
    with pytest.raises(finish.PublishError, match=f"Run {run.pk} has no network"):
        finish.publish(run)


def test_a_deleted_data_set_ends_the_run_with_a_reason(make_run: MakeRun) -> None:
    run = make_run()
    run.datasets.get().delete()
    work_next(Run, execution.execute)
    row = Run.objects.get(pk=run.pk)
    assert (row.state, row.error) == (State.FAILED, "Data set “four” was deleted.")
    assert row.sources.get().name == "four"


def test_a_data_set_that_has_changed_ends_the_run_with_a_reason(make_run: MakeRun) -> None:
    run = make_run()
    run.datasets.update(content_sha256="0" * 64)
    work_next(Run, execution.execute)
    assert Run.objects.get(pk=run.pk).error == "Data set “four” has changed since the run was made."


def test_a_file_that_cannot_be_written_ends_the_run_with_a_reason(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run: Run, state: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    run = make_run()
    monkeypatch.setattr(checkpoints, "save", refuse)
    work_next(Run, execution.execute)
    assert Run.objects.get(pk=run.pk).error == "A file could not be written or read: [Errno 5] Input/output error."


def test_tried_again_it_begins_at_its_first_epoch(undisturbed: TrainRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(run: Run, *_rest: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(execution, "conclude", refuse)
        run = undisturbed()
    assert (run.state, run.epoch) == (State.FAILED, 3)
    assert retry_run(run)
    row = Run.objects.get(pk=run.pk)
    assert (row.state, row.error, row.epoch, row.best_epoch, row.rows.count()) == (State.QUEUED, "", 0, None, 0)
    assert work_next(Run, execution.execute)
    assert Run.objects.get(pk=run.pk).state == State.SUCCEEDED
    assert not retry_run(run)


def test_the_card_of_a_pruned_network_says_how_many_weights_are_zero(make_run: MakeRun) -> None:
    run = make_run(hyperparameters=replace(QUICK, sparsity=0.5))
    assert work_next(Run, execution.execute)
    run.refresh_from_db()
    assert run.stored_model is not None
    loaded = loading.load_stored(run.stored_model)
    zeros = sum(int((weights == 0).sum()) for weights in in_floats(loaded.network).weights)
    assert zeros == round(784 * 8 / 2) + round(8 * 4 / 2)
    assert loaded.card.recipe["zero_weights"] == 0.5
