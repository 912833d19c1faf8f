"""One attempt at a run: load, go on from the last checkpoint, train epoch by epoch, conclude.

A kill at any instant loses at most the begun epoch and does nothing twice:

1. the checkpoint of an epoch is written first, named by its epoch; without the row of step 2 it is not gone on from;
2. then, in one transaction that is refused when another attempt has the run, the epoch's row and the run's figures;
3. at the end test figures, model and state `succeeded` come in one transaction; the model file has the same bytes in
   every attempt and is named by them.
"""

import dataclasses
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from recognizer.catalog import CatalogError
from training.core.hyperparameters import HyperparameterError
from training.core.samples import SamplesError
from training.core.trainer import DivergedError, EpochMetrics, TeacherError, TrainingState, train
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.working import JobFailedError, Lease
from training.runs import checkpoints, data, teachers
from training.runs.conclusion import conclude
from training.runs.data import Source
from training.runs.models import Epoch, Run
from training.runs.room import when_there_is_room


def execute(run: Run, lease: Lease) -> None:
    """Train a run that we hold to its end.

    Raises:
        JobFailedError: it cannot be trained; the message says why.
        StoppedError: cancelled, or the worker was told to stop.
        LostClaimError: another attempt has it.

    """
    try:
        sources = data.load(run, lease.check)
        state = _begin(run, sources)
        _train(run, lease, state, sources)
    except DivergedError as error:
        lifecycle.finish(run, State.FAILED, error=_diverged(error), diverged_epoch=error.epoch)
    except (SamplesError, HyperparameterError, TeacherError, CatalogError) as error:
        raise JobFailedError(str(error)) from error
    except OSError as error:
        raise JobFailedError(_("A file could not be written or read: %(why)s.") % {"why": error}) from error


def _begin(run: Run, sources: list[Source]) -> TrainingState:
    """Go on from the newest checkpoint, or begin."""
    state = checkpoints.load_latest(run)
    if state is not None:
        run.note("goes on", _("after epoch %(epoch)d") % {"epoch": state.epoch})
        return state
    n_inputs = sources[0].training.inputs.shape[1]
    return TrainingState.begin(run.recipe, n_inputs=n_inputs, n_classes=len(run.letters))


def _train(run: Run, lease: Lease, state: TrainingState, sources: list[Source]) -> None:
    training = [source.training for source in sources]
    validation = data.joined([source.validation for source in data.judged(sources)])
    networks = teachers.load(run)
    for metrics in train(state, training, validation, teachers=networks, should_stop=lease.should_stop):
        when_there_is_room(run, lease, partial(checkpoints.save, run, state))
        record(run, metrics)
        lease.progress(run.progress, run.progress_text)
    if not state.finished:
        lease.check()
    lease.progress(run.progress, _("scoring"))
    when_there_is_room(run, lease, partial(conclude, run, state.network(), sources))


def record(run: Run, metrics: EpochMetrics) -> None:
    """Write an epoch down, with the run's figures, in one transaction.

    Raises:
        LostClaimError: the run is not ours any more; nothing was written.

    """
    figures = dataclasses.asdict(metrics)
    key = figures.pop("epoch")
    with transaction.atomic():
        lifecycle.write(run, **_progress(run, metrics), **_best(run, metrics))
        Epoch.objects.update_or_create(run=run, epoch=key, defaults=figures)


def _progress(run: Run, metrics: EpochMetrics) -> dict[str, object]:
    return {
        "epoch": metrics.epoch,
        "validation_accuracy": metrics.validation_accuracy,
        "fruitless_attempts": 0,
        **lifecycle.alive(),
        "progress": metrics.epoch / run.epochs,
        "progress_text": _("epoch %(epoch)d of %(epochs)d") % {"epoch": metrics.epoch, "epochs": run.epochs},
    }


def _best(run: Run, metrics: EpochMetrics) -> dict[str, object]:
    best = run.best_validation_accuracy
    if best is not None and metrics.validation_accuracy <= best:
        return {}
    return {"best_validation_accuracy": metrics.validation_accuracy, "best_epoch": metrics.epoch}


def _diverged(error: DivergedError) -> str:
    return _("The cost was no longer a finite number in epoch %(epoch)d. Likely cause: %(cause)s") % {
        "epoch": error.epoch,
        "cause": error.likely_cause,
    }
