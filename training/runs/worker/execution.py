"""One attempt at a run: load, continue from the last checkpoint, train epoch by epoch, conclude.

A kill at any instant loses at most the epoch in progress and does nothing twice:

1. the checkpoint of an epoch is written first, named by its epoch; it is not used without the row of step 2;
2. then, in one transaction that is refused when another attempt has the run, the epoch's row and the run's figures;
3. at the end test figures, model and state `succeeded` are written in one transaction; the model file has the same
   bytes in every attempt and is named by them.
"""

from functools import partial

from recognizer.loading import CatalogueError
from recognizer.messages import gettext as _
from training.core.hyperparameters import HyperparameterError
from training.core.samples import SamplesError
from training.core.trainer import DivergedError, TeacherError, TrainingState, train
from training.jobs.models import EventName
from training.jobs.worker.work_loop import JobFailedError, Lease
from training.runs import services
from training.runs.models import Run
from training.runs.worker import checkpoints, samples, teachers
from training.runs.worker.disk_full import retry_while_disk_full
from training.runs.worker.finish import conclude
from training.runs.worker.samples import LoadedSource


def execute(run: Run, lease: Lease) -> None:
    """Train a run that we hold to its end.

    Raises:
        JobFailedError: it cannot be trained; the message says why.
        StoppedError: cancelled, or the worker was told to stop.
        LostClaimError: another attempt has it.

    """
    try:
        sources = samples.load(run, lease.check)
        state = _begin(run, sources)
        _train(run, lease, state, sources)
    except DivergedError as error:
        services.fail_diverged(run, error)
    except (SamplesError, HyperparameterError, TeacherError, CatalogueError) as error:
        raise JobFailedError(str(error)) from error
    except OSError as error:
        raise JobFailedError(_("A file could not be written or read: %(why)s.") % {"why": error}) from error


def _begin(run: Run, sources: list[LoadedSource]) -> TrainingState:
    """Continue from the newest checkpoint, or begin."""
    state = checkpoints.load_latest(run)
    if state is not None:
        run.record_event(EventName.CONTINUED, _("after epoch %(epoch)d") % {"epoch": state.epoch})
        return state
    n_inputs = sources[0].validation.inputs.shape[1]
    return TrainingState.begin(run.recipe, n_inputs=n_inputs, n_classes=len(run.letters))


def _train(run: Run, lease: Lease, state: TrainingState, sources: list[LoadedSource]) -> None:
    training = [source.training for source in sources]
    validation = samples.joined([source.validation for source in samples.counted_in_metrics(sources)])
    networks = teachers.load(run)
    for metrics in train(state, training, validation, teachers=networks, should_stop=lease.should_stop):
        retry_while_disk_full(run, lease, partial(checkpoints.save, run, state))
        services.record_epoch(run, metrics)
        lease.progress(run.progress, run.progress_text)
    if not state.finished:
        lease.check()
    lease.progress(run.progress, _("scoring"))
    retry_while_disk_full(run, lease, partial(conclude, run, state.network(), sources, lease.check))
