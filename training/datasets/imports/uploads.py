"""Where the admin's imports take their archives from: an upload that is kept until its import ends, or a folder."""

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from recognizer.filestore import places
from recognizer.messages import gettext as _
from training.datasets import synthesis
from training.datasets.errors import ArchiveError
from training.datasets.models import DatasetImport, Origin
from training.jobs.models import FINISHED

OLD_SECONDS = 3600
MAX_NAME = 100
"""Characters; a file system takes 255 bytes."""


def folder() -> Path:
    """Return the folder of uploaded archives, each in a folder of its own, so that it keeps its name."""
    path: Path = settings.PROPIS_VAR / "uploads" / "archives"
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep(upload: "UploadedFile[Any]") -> Path:
    """Keep an uploaded file, copied in chunks, and return where it is."""
    own = folder() / uuid.uuid4().hex
    own.mkdir()
    path = own / Path(upload.name or "archive").name[-MAX_NAME:]
    with path.open("xb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    places.keep(path)
    return path


def forget(path: Path) -> None:
    """Remove an uploaded file, wherever the folder of all state was when its path was stored."""
    own = _own_of(str(path)).parent
    if own.parent == folder() and own.name:
        places.forget_folder(own)


def _own_of(stored: str) -> Path:
    """Where an upload is now: the folder of all state may have moved since its path was stored."""
    path = Path(stored)
    return folder() / path.parent.name / path.name


def still_here(stored: str) -> Path:
    """Return the path of an upload that is to be read.

    Raises:
        ArchiveError: it was removed, as uploads are once their import has ended.

    """
    path = places.here(_own_of(stored))
    if not path.is_file():
        raise ArchiveError(
            _("The uploaded archive %(name)s is no longer here: upload it once more.") % {"name": path.name}
        )
    return path


def needed() -> set[Path]:
    """The folders of uploads that an import needs which waits, runs or is paused."""
    imports = DatasetImport.objects.exclude(state__in=FINISHED).filter(origin=Origin.UPLOAD)
    return {_own_of(path).parent for path in imports.values_list("path", flat=True)}


def forget_old() -> None:
    """Remove uploads that no import needs any more that waits, runs or is paused."""
    in_use = needed()
    for own in folder().iterdir():
        if own not in in_use and time.time() - own.stat().st_mtime > OLD_SECONDS:
            shutil.rmtree(own, ignore_errors=True)


def under_import_root(text: str) -> Path:
    """Return the archive or folder that a path under the import folder means; links may not lead out of it.

    Raises:
        ArchiveError: it leads elsewhere, or nothing is there.

    """
    root: Path = settings.PROPIS_IMPORT_ROOT.resolve()
    try:
        path = (root / text.strip()).resolve()
        inside = path.is_relative_to(root) and path != root
        exists = inside and path.exists()
    except (OSError, ValueError):  # a NUL in it, a name too long, a circle of links
        inside = exists = False
    if not inside:
        raise ArchiveError(_("The path must be that of a file or folder inside the import folder."))
    if not exists:
        raise ArchiveError(_("There is nothing at %(path)s in the import folder.") % {"path": text.strip()})
    return path


@contextmanager
def archive_of(job: DatasetImport, should_stop: Callable[[], bool] = lambda: False) -> Iterator[Path]:
    """Give the path of a job's archive for as long as it is needed; synthetic letters are made here.

    Raises:
        ImportStoppedError: `should_stop` said so while letters were made.

    """
    if job.origin == Origin.FOLDER:
        yield under_import_root(job.path)
    elif job.origin == Origin.UPLOAD:
        yield still_here(job.path)
    else:
        own = folder() / uuid.uuid4().hex
        own.mkdir()
        try:
            path = own / f"{synthesis.NAME}.zip"
            per_letter = job.per_letter or synthesis.PER_LETTER
            synthesis.make_archive(path, per_letter=per_letter, seed=job.seed, should_stop=should_stop)
            yield path
        finally:
            shutil.rmtree(own, ignore_errors=True)
