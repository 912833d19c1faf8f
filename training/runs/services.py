"""Every write to the tables of runs: creation, each epoch, completion, retry, notes and tags.

Pause, resume, cancel and prune are those of every job: `training.jobs.lifecycle`.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from recognizer.messages import gettext as _
from recognizer.models import StoredModel
from training.core.hyperparameters import Hyperparameters
from training.core.trainer import DivergedError, EpochMetrics
from training.datasets.models import Dataset
from training.datasets.services import hold
from training.jobs import lifecycle
from training.jobs.models import RETRIED, State
from training.jobs.worker.work_loop import worker_name
from training.runs import quota
from training.runs.checks import DatasetsGoneError, check_name, check_run, training_images
from training.runs.models import Epoch, ListColumns, Run, RunDataset, RunTeacher, Tag, model_name

SCORES = ("validation_accuracy", "test_images", "test_accuracy", "test_top5", "confusion")
"""Fields of a `RunDataset` that the end of a run fills in."""


def create_run(
    datasets: Sequence[Dataset],
    hyperparameters: Hyperparameters,
    *,
    teachers: Sequence[StoredModel] = (),
    preset: str = "",
    name: str = "",
    priority: int = 0,
    notes: str = "",
    tags: Iterable[str] = (),
    is_trial: bool = False,
    parent: Run | None = None,
    by: Any = None,
    queue: bool = True,
) -> Run:
    """Create a run of these data sets, in this order, and queue it; with `queue=False` this process claims it at once.

    Args:
        datasets: what to train on together; `hyperparameters.source_weights` are their shares, in their order.
        hyperparameters: all that is chosen.
        teachers: models that give `hyperparameters.distillation` of the targets.
        preset: the name of the preset that the hyperparameters came from, if any.
        name: of the model; empty for one derived from data sets and layers.
        priority: higher goes first.
        notes: whatever people want to remember of it.
        tags: words by which people find it again, as `tagging.parse` returns them.
        is_trial: a trial of a sweep: its test split is not scored, its network stays out of the catalogue.
        parent: the run that it is a changed copy of.
        by: the user who asks.
        queue: whether a worker is to do it.

    Raises:
        RunError: the data sets cannot be trained on (together), the shares or the teachers do not fit them, or
            the name cannot be one; or this person has as much waiting and running as he may have.

    """
    check_run(datasets, hyperparameters, teachers)
    run = Run(
        name=check_name(name.strip() or model_name(hyperparameters, [dataset.name for dataset in datasets])),
        preset=preset,
        hyperparameters=hyperparameters.as_dict(),
        priority=priority,
        notes=notes,
        is_trial=is_trial,
        parent=parent,
        letters=datasets[0].letters,
        training_images=training_images(datasets),
    )
    with transaction.atomic():
        if not hold(datasets):
            raise DatasetsGoneError
        if not is_trial:  # a sweep makes no more than there are places for
            quota.check(by, quota.samples_of(run.hyperparameters, run.training_images))
        lifecycle.enqueue(run, by=by) if queue else lifecycle.create_claimed(run, worker=worker_name(), by=by)
        RunDataset.objects.bulk_create(_dataset_rows(run, datasets))
        RunTeacher.objects.bulk_create(_teacher_rows(run, teachers))
        if names := list(tags):
            set_tags(run, names)
    return run


def _dataset_rows(run: Run, datasets: Sequence[Dataset]) -> list[RunDataset]:
    all_synthetic = all(dataset.is_synthetic for dataset in datasets)
    return [
        RunDataset(
            run=run,
            dataset=dataset,
            name=dataset.name,
            content_sha256=dataset.content_sha256,
            place=place,
            counts_in_metrics=all_synthetic or not dataset.is_synthetic,
        )
        for place, dataset in enumerate(datasets)
    ]


def _teacher_rows(run: Run, teachers: Sequence[StoredModel]) -> list[RunTeacher]:
    return [
        RunTeacher(run=run, model=model, name=model.name, weights_sha256=model.weights_sha256) for model in teachers
    ]


def retry_run(run: Run, *, by: Any = None) -> bool:
    """Queue a run again that has failed, or was cancelled or pruned; it begins at its first epoch.

    Raises:
        RunError: who asks has as much waiting and running as he may have; nothing was changed.
        CannotStartError: a data set or a teacher was deleted, so that it would fail at once; nothing was changed.

    """
    figures = ("validation_accuracy", "best_validation_accuracy", "best_epoch", "test_accuracy", "diverged_epoch")
    reset: dict[str, Any] = dict.fromkeys(figures)
    reset |= {"epoch": 0, "progress": 0.0, "progress_text": "", "started_at": None}
    with transaction.atomic():
        hold(run.datasets.all())
        if run.state in RETRIED:
            quota.check(by, quota.samples_of(run.hyperparameters, run.training_images))
        changed = lifecycle.retry(run, **reset)
        if changed:
            run.rows.all().delete()
    return changed


def record_epoch(run: Run, metrics: EpochMetrics) -> None:
    """Save the metrics of an epoch and the run's figures after it, in one transaction.

    Raises:
        LostClaimError: the run is not ours any more; nothing was written.

    """
    fields = dataclasses.asdict(metrics)
    number = fields.pop("epoch")
    with transaction.atomic():
        lifecycle.write(run, **_progress(run, metrics), **_best(run, metrics))
        Epoch.objects.update_or_create(run=run, epoch=number, defaults=fields)


def _progress(run: Run, metrics: EpochMetrics) -> dict[str, object]:
    return {
        "epoch": metrics.epoch,
        "validation_accuracy": metrics.validation_accuracy,
        "attempts_without_progress": 0,
        **lifecycle.alive(),
        "progress": metrics.epoch / run.epochs,
        "progress_text": _("epoch %(epoch)d of %(epochs)d") % {"epoch": metrics.epoch, "epochs": run.epochs},
    }


def _best(run: Run, metrics: EpochMetrics) -> dict[str, object]:
    best = run.best_validation_accuracy
    if best is not None and metrics.validation_accuracy <= best:
        return {}
    return {"best_validation_accuracy": metrics.validation_accuracy, "best_epoch": metrics.epoch}


def complete_run(run: Run, rows: Sequence[RunDataset], **figures: Any) -> None:
    """End a run that we hold as succeeded, with its scores on each data set and its own figures.

    Raises:
        LostClaimError: the run is not ours any more; nothing was written.

    """
    with transaction.atomic():
        RunDataset.objects.bulk_update(rows, SCORES)
        lifecycle.finish(run, State.SUCCEEDED, **figures)


def fail_diverged(run: Run, error: DivergedError) -> None:
    """End a run that we hold as failed, because its cost was no longer finite.

    Raises:
        LostClaimError: the run is not ours any more; nothing was written.

    """
    lifecycle.finish(run, State.FAILED, error=str(error), diverged_epoch=error.epoch)


def attach_model(run: Run, rows: Sequence[RunDataset], stored: StoredModel, **figures: Any) -> None:
    """Give a trial that has ended its model in the catalogue, with the scores that came of publishing it."""
    with transaction.atomic():
        RunDataset.objects.bulk_update(rows, SCORES)
        Run.objects.filter(pk=run.pk).update(stored_model=stored, **figures)


def set_notes(run: Run, notes: str) -> None:
    """Change a run's notes, and nothing that its worker writes."""
    Run.objects.filter(pk=run.pk).update(notes=notes)


def set_tags(run: Run, names: Iterable[str]) -> None:
    """Give a run these tags and no others; a tag that no run has any more is deleted."""
    run.tags.set([Tag.objects.get_or_create(name=name)[0] for name in names])
    Tag.objects.filter(runs__isnull=True).delete()


def choose_columns(user_key: int, keys: Sequence[str]) -> None:
    """Keep a person's choice of columns for the lists of runs."""
    ListColumns.objects.update_or_create(user_id=user_key, defaults={"keys": list(keys)})
