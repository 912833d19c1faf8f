"""Whether the files are what the rows say: by their hashes, pictures decoded."""

from collections.abc import Callable, Iterator
from pathlib import Path

from keeping.doctor.finding import Problem
from recognizer import loading
from recognizer.filestore.errors import StoreAwayError
from recognizer.models import StoredModel
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import PICTURES, Index, decoded, digest, file_sha256
from training.devices.fleet import bundles
from training.devices.models import Bundle
from training.jobs import files
from training.jobs.models import State
from training.runs.models import Run
from training.runs.worker import checkpoints

GOING_ON = (State.QUEUED, State.RUNNING, State.PAUSED)
LISTED = 3
RESTORE = "Take it out of a backup (`manage.py restore`), or delete its row in the admin."


def problems(progress: Callable[[str], None] = lambda words: None) -> Iterator[Problem]:
    """Look at all of them; a data set of 120,000 pictures takes some seconds."""
    if not files.are_here():
        yield Problem(
            "identity",
            "The folder of all state is not that of the database: workers here take no job.",
            "Look at PROPIS_VAR and DATABASE_URL; a folder that was copied or restored needs its `identity`.",
        )
        return
    yield from _named(progress, "model", ((model.name, _model(model)) for model in StoredModel.objects.iterator()))
    yield from _named(progress, "data-set", ((row.name, _dataset(row)) for row in Dataset.objects.iterator()))
    done = Bundle.objects.filter(state=State.SUCCEEDED).exclude(inputs_sha256="")
    yield from _named(progress, "images", ((str(row.pk), _bundle(row)) for row in done.iterator()))
    yield from _runs()


KINDS = {"model": "model", "data-set": "data set", "images": "images of benchmark"}


def _named(progress: Callable[[str], None], kind: str, found: Iterator[tuple[str, str]]) -> Iterator[Problem]:
    """Turn what is wrong with some things of a kind into one problem for the first few, and one for the rest."""
    wrong = []
    for name, why in found:
        progress(f"{KINDS[kind]} {name}")
        if why:
            wrong.append((name, why))
    for name, why in wrong[:LISTED]:
        yield Problem(kind, f"The file of {KINDS[kind]} “{name}” {why}.", RESTORE)
    if wrong[LISTED:]:
        yield Problem(kind, f"The same is wrong with {len(wrong) - LISTED} more of them.", RESTORE)


def _hash_differs(path: Path, sha256: str) -> str:
    try:
        found = file_sha256(path)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return "" if found == sha256 else "was altered: its hash is another one"


def _model(model: StoredModel) -> str:
    return _hash_differs(loading.file_of(model), model.file_sha256)


def _bundle(bundle: Bundle) -> str:
    return _hash_differs(bundles.file_of(bundle), bundle.inputs_sha256)


def _dataset(dataset: Dataset) -> str:
    """What is wrong with its pictures. Files of inputs are made again by whoever needs them."""
    try:
        index = Index.load(dataset.folder)
        if index.content_sha256() != dataset.content_sha256:
            return "was altered: its index is another one"
        for number, pixels in enumerate(decoded(dataset.folder, index)):
            if digest(pixels) != index.digests[number].tobytes():
                return f"was altered: picture {index.names[number]} is another one"
    except StoreAwayError:
        raise
    except FileNotFoundError:
        return f"is missing ({PICTURES} or its index)"
    except Exception as error:  # one wrong bit makes readers of pictures raise what they please
        return f"cannot be read ({error})"
    return ""


def _runs() -> Iterator[Problem]:
    begun = Run.objects.filter(state__in=GOING_ON, epoch__gt=0).only("pk", "epoch", "name")
    lost = [run for run in begun if not checkpoints.newest_first(run)]
    if lost:
        names = ", ".join(str(run) for run in lost[:LISTED])
        what = f"{len(lost)} runs that are to go on have no checkpoint: {names}."
        yield Problem(
            "checkpoint", what, "They begin again and end with the same bits; nothing is to be done.", is_error=False
        )
