"""A run is made with all it needs, or not at all."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from tests.training.runs.conftest import QUICK, SIZES, MakeDataset, MakeRun
from training.core.hyperparameters import Hyperparameters
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import CannotStartError, State
from training.runs.checks import RunError
from training.runs.models import Epoch, Run
from training.runs.services import create_run, retry_run

pytestmark = pytest.mark.django_db


def test_a_run_waits_with_all_that_was_chosen(
    make_dataset: MakeDataset, woken: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = User.objects.create_user("anna")
    first, second = make_dataset("first"), make_dataset("second")
    hyperparameters = replace(QUICK, source_weights=(2, 1), seed=7)
    with django_capture_on_commit_callbacks(execute=True):
        run = create_run([second, first], hyperparameters, preset="small", priority=3, by=user)
    row = Run.objects.get(pk=run.pk)
    assert (row.state, row.preset, row.priority, row.created_by) == (State.QUEUED, "small", 3, user)
    assert row.recipe == hyperparameters
    assert (row.epochs, row.seed, row.architecture, row.name) == (3, 7, "8", "second+first 8")
    assert [(source.place, source.dataset) for source in row.sources.all()] == [(0, second), (1, first)]
    assert row.training_images == 160
    assert woken == ["runs.run"]


def test_nothing_is_altered_after_the_form(make_dataset: MakeDataset) -> None:
    real, made = make_dataset("real"), make_dataset("made", made=True)
    for recipe in (QUICK, replace(QUICK, source_weights=(1, 1)), replace(QUICK, epoch_samples=50)):
        assert create_run([real, made], recipe).recipe == recipe


def test_a_run_that_is_not_queued_is_held_by_this_process(make_run: MakeRun, woken: list[str]) -> None:
    run = make_run(queue=False)
    assert (run.state, run.attempt) == (State.RUNNING, 1)
    assert run.worker
    assert woken == []


@pytest.mark.parametrize(
    ("datasets", "hyperparameters", "field", "message"),
    [
        (lambda make: [], QUICK, "datasets", "Choose at least one data set."),
        (lambda make: [make()] * 2, QUICK, "datasets", "A data set is named twice."),
        (
            lambda make: [make("a"), make("b", letters="ABCD")],
            QUICK,
            "datasets",
            "Data sets of different letters cannot be trained on together.",
        ),
        (
            lambda make: [make(sizes=SIZES | {Split.TRAIN: 0})],
            QUICK,
            "datasets",
            "There is no training picture of: А, Б, В, Г.",
        ),
        (
            lambda make: [make(sizes=SIZES | {Split.VALIDATION: 0})],
            QUICK,
            "datasets",
            "Data set “four” has no validation pictures, by which a training is judged: import it again with a "
            "validation split.",
        ),
        (
            lambda make: [make()],
            replace(QUICK, source_weights=(1, 2)),
            "source_weights",
            "There are 2 shares for 1 data sets: give one for each, or none.",
        ),
        (
            lambda make: [make()],
            replace(QUICK, closing_weights=(1, 2)),
            "closing_weights",
            "There are 2 shares for 1 data sets: give one for each, or none.",
        ),
        (
            lambda make: [make()],
            replace(QUICK, hidden_layers=(4096,) * 4),
            "hidden_layers",
            "These layers have 53575684 parameters; a model file holds at most 16000000.",
        ),
    ],
)
def test_what_would_spoil_a_run_is_said_at_its_field(
    make_dataset: MakeDataset,
    datasets: Callable[[MakeDataset], list[Dataset]],
    hyperparameters: Hyperparameters,
    field: str,
    message: str,
) -> None:
    with pytest.raises(RunError) as caught:
        create_run(datasets(make_dataset), hyperparameters)
    assert (caught.value.field, caught.value.message) == (field, message)
    assert Run.objects.count() == 0


@pytest.mark.parametrize("name", ["x" * 81, "two\nlines"])
def test_a_bad_name_is_refused(make_run: MakeRun, name: str) -> None:
    with pytest.raises(RunError, match="A name is one line of at most 80 characters"):
        make_run(name=name)
    assert Run.objects.count() == 0


def test_a_run_whose_data_set_was_deleted_is_not_tried_again_and_keeps_what_it_has(make_run: MakeRun) -> None:
    run = make_run()
    row = {"train_cost": 1, "train_accuracy": 1, "validation_cost": 1, "validation_accuracy": 1, "seconds": 1}
    Epoch.objects.create(run=run, epoch=1, **row)
    figures = {"state": State.FAILED, "error": "It failed.", "epoch": 1, "best_validation_accuracy": 0.5}
    Run.objects.filter(pk=run.pk).update(**figures)
    run.refresh_from_db()
    events = run.events.count()
    Dataset.objects.all().delete()
    for again in (retry_run, lifecycle.retry):
        with pytest.raises(CannotStartError, match="Data set “four” was deleted"):
            again(run)
    assert Run.objects.filter(pk=run.pk, **figures).exists()
    assert (run.rows.count(), run.events.count()) == (1, events)


def test_a_run_whose_data_set_is_another_by_now_is_not_tried_again(make_run: MakeRun) -> None:
    run = make_run()
    lifecycle.request_cancel(run)
    run.refresh_from_db()
    Dataset.objects.update(content_sha256="other")
    with pytest.raises(CannotStartError, match="Data set “four” has changed since the run was made"):
        retry_run(run)


def test_what_is_in_no_state_for_it_is_told_so_before_anything_else(make_run: MakeRun) -> None:
    run = make_run()
    Dataset.objects.all().delete()
    assert not retry_run(run)
