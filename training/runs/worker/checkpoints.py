"""The checkpoints of runs: one folder a run, one file an epoch, the last two kept. With a store no copy stays here.

A file is named by its epoch, so a worker that lost its claim cannot overwrite what a newer attempt has reached; and
as continuing gives the same bits, two attempts write the same file.
"""

import shutil
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from recognizer.filestore import places
from recognizer.filestore.errors import StoreAwayError
from training.core import checkpoint
from training.core.trainer import TrainingState
from training.jobs.models import FINISHED, EventName, State
from training.jobs.worker.work_loop import StoppedError
from training.runs.models import Run

KEPT = 2
"""Checkpoints of a run; the older one serves where the newer one is damaged."""


def root() -> Path:
    """Folder of all checkpoints."""
    path: Path = settings.PROPIS_VAR / "checkpoints"
    path.mkdir(parents=True, exist_ok=True)
    return path


def folder_of(run: Run) -> Path:
    """Folder of a run's checkpoints; it may not exist."""
    return root() / str(run.pk)


def save(run: Run, state: TrainingState) -> None:
    """Write the checkpoint of a finished epoch, whole or not at all, and delete those before the last two."""
    folder = folder_of(run)
    folder.mkdir(exist_ok=True)
    newest = folder / f"epoch-{state.epoch:06d}.npz"
    checkpoint.save(newest, state)
    places.keep(newest)
    places.drop_copy(newest)
    for path in newest_first(run)[KEPT:]:
        places.forget(path)


def load_latest(run: Run) -> TrainingState | None:
    """Load the newest usable checkpoint, or None. Unusable ones are deleted.

    One of a later epoch than the run's row has no row of metrics: that epoch is trained again.
    """
    for path in newest_first(run):
        state = _usable(run, path)
        if state is not None:
            places.drop_copy(path)
            return state
        places.forget(path)
    return None


def _usable(run: Run, path: Path) -> TrainingState | None:
    if int(path.stem.removeprefix("epoch-")) > run.epoch:
        return None
    try:
        state = checkpoint.load(places.here(path))
    except (MemoryError, StoreAwayError, StoppedError):
        raise
    except Exception as error:  # one wrong bit makes readers of zip and numpy raise what they please
        run.record_event(EventName.CHECKPOINT_REFUSED, str(error))
        return None
    return state if _is_of(run, state) else None


def _is_of(run: Run, state: TrainingState) -> bool:
    """Whether a state belongs to this run: a folder is named by a number, which another database may have used."""
    teachers = tuple(sorted(run.teachers.values_list("weights_sha256", flat=True)))
    ours = (run.recipe, len(run.letters), teachers if state.epoch else ())
    return (state.hyperparameters, state.n_classes, state.teachers) == ours


def prune() -> int:
    """Delete the checkpoints of runs that have ended or were deleted; return how many folders.

    The last one of a trial is kept, and so is the last good one of a run whose cost was no longer finite.
    """
    folders = [folder for folder in root().iterdir() if folder.name.isdigit()]
    needed = needed_runs() if folders else set()  # after the folders: a run that begins meanwhile is in neither
    unneeded = [folder for folder in folders if int(folder.name) not in needed]
    for folder in unneeded:
        shutil.rmtree(folder, ignore_errors=True)
    return len(unneeded)


def needed_runs() -> set[int]:
    """Runs that may continue, trials that may still be put in the catalogue, and diverged runs for inspection."""
    kept = ~Q(state__in=FINISHED) | Q(is_trial=True, state=State.SUCCEEDED) | Q(diverged_epoch__isnull=False)
    return set(Run.objects.filter(kept).values_list("pk", flat=True))


def newest_first(run: Run) -> list[Path]:
    """All checkpoints of a run, wherever they are."""
    return [path for path in reversed([*places.files_in(folder_of(run))]) if path.match("epoch-*.npz")]
