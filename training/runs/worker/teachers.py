"""The teachers of a run (distillation): found by name or by file, and loaded."""

import hashlib
from pathlib import Path

from recognizer import loading, services
from recognizer.core.model_file import MAX_FILE_BYTES
from recognizer.core.network import Network, NetworkError
from recognizer.core.precision import in_floats
from recognizer.loading import CatalogueError
from recognizer.messages import gettext as _
from recognizer.models import ModelOrigin, StoredModel
from training.jobs.models import CannotStartError
from training.jobs.worker.work_loop import JobFailedError
from training.runs.models import Run, RunTeacher


def find(name: str) -> StoredModel:
    """Find a stored model by its name, or by its file, which is added to the catalogue if it is not there yet.

    Raises:
        CatalogueError: there is neither, or the file is not a model.

    """
    stored = StoredModel.objects.filter(name=name).first()
    if stored is not None:
        return stored
    path = Path(name)
    if not path.is_file():
        raise CatalogueError(_("There is no model and no file “%(name)s”.") % {"name": name})
    return _of_file(path)


def _of_file(path: Path) -> StoredModel:
    """The stored model of a file; workers read models from the catalogue only."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)  # one more than is allowed is refused, whatever its length
    except OSError as error:
        raise CatalogueError(
            _("“%(name)s” cannot be read: %(why)s.") % {"name": path, "why": error.strerror or error}
        ) from error
    stored = StoredModel.objects.filter(file_sha256=hashlib.sha256(data).hexdigest()).first()
    return stored or services.add_file(data, source=ModelOrigin.UPLOADED)


def load(run: Run) -> list[Network]:
    """Load the networks of a run's teachers.

    Raises:
        JobFailedError: one was deleted and no model has its weights, or it computes in whole numbers.
        CatalogueError: the file of one cannot be used.

    """
    return [_network(row) for row in run.teachers.select_related("model")]


def _network(row: RunTeacher) -> Network:
    try:
        return in_floats(loading.load_stored(row.found()).network)
    except CannotStartError as error:
        raise JobFailedError(str(error)) from error
    except NetworkError as error:
        raise JobFailedError(
            _("Teacher “%(name)s” cannot teach: %(why)s") % {"name": row.name, "why": error}
        ) from error
