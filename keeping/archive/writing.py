"""Making a backup, while workers train."""

import errno
import hashlib
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from keeping import kept_files
from keeping.archive.manifest import DATABASE, FILES, MANIFEST, Manifest, Member
from keeping.errors import KeepingError
from keeping.rows import snapshot
from recognizer.core.files import replacing
from recognizer.messages import gettext as _
from training.datasets.locked_folder import locked_folder
from training.jobs.progress import ShareProgress, unheard

PIECE = 2**20
PREFIX = ".copying-"


def write(target: Path, *, with_secret_key: bool = True, progress: ShareProgress = unheard) -> Manifest:
    """Back the installation up into a file that is not there yet; it appears whole or not at all.

    Files get second names before and after the rows are copied, so that each row in the copy has its files, whatever
    workers and people do meanwhile. `progress` may raise to stop it.

    Raises:
        KeepingError: there is no database, the file is there already, or the disk is full.

    """
    if target.exists():
        raise KeepingError(_("%(file)s is there already: choose another name.") % {"file": target})
    try:
        with locked_folder(settings.PROPIS_VAR, PREFIX, mode=0o700) as folder:
            created = _gather(folder)
            with replacing(target, mode=0o600) as file, zipfile.ZipFile(file, "w", compresslevel=1) as archive:
                return _pack(archive, folder, created, with_secret_key, progress)
    except (OSError, sqlite3.Error) as error:
        raise KeepingError(_why(target, error)) from error


def _gather(folder: Path) -> datetime:
    """Collect everything in a folder, and return as of when the rows are."""
    files = folder / FILES
    files.mkdir()
    kept_files.pin(files)
    created = datetime.now(UTC)
    snapshot.take(folder / DATABASE)
    kept_files.pin(files)
    return created


def _pack(
    archive: zipfile.ZipFile, folder: Path, created: datetime, with_secret_key: bool, progress: ShareProgress
) -> Manifest:
    """Write all files, then the manifest."""
    secret = folder / FILES / kept_files.SECRET_KEY
    paths = [folder / DATABASE, *kept_files.kept(folder / FILES)]
    paths = [path for path in paths if with_secret_key or path != secret]
    total, done, members = sum(path.stat().st_size for path in paths) or 1, 0, {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        progress(done / total, name)
        members[name] = _add(archive, path, name, lambda done=done, name=name: progress(done / total, name))  # type: ignore[misc]
        done += members[name].size
    manifest = Manifest(
        created=created.isoformat(timespec="seconds"),
        database=connection.vendor,
        identity=_identity(folder / FILES),
        rows=snapshot.counts(folder / DATABASE),
        members=members,
    )
    archive.writestr(MANIFEST, manifest.to_json())
    return manifest


def _add(archive: zipfile.ZipFile, path: Path, name: str, progress: Callable[[], None]) -> Member:
    """Copy a file into the archive and hash what was copied."""
    info = zipfile.ZipInfo(name, date_time=datetime.now(UTC).timetuple()[:6])
    info.external_attr = 0o600 << 16
    sha256, size = hashlib.sha256(), 0
    compressed = zipfile.ZIP_DEFLATED if _shrinks(name) else zipfile.ZIP_STORED
    info.compress_type, info._compresslevel = compressed, 1  # type: ignore[attr-defined]
    with path.open("rb") as file, archive.open(info, "w", force_zip64=True) as member:
        while piece := file.read(PIECE):
            sha256.update(piece)
            size += len(piece)
            member.write(piece)
            progress()
    return Member(size, sha256.hexdigest())


def _shrinks(name: str) -> bool:
    """Whether compressing pays: rows and inputs are half empty, pictures and weights are as small as they get."""
    return name == DATABASE or (name.startswith(f"{FILES}/datasets/") and name.endswith(".npz"))


def _identity(files: Path) -> str:
    path = files / kept_files.IDENTITY
    return path.read_text().strip() if path.exists() else ""


def _why(target: Path, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The disk is full: no backup was written. Make room, or choose another disk.")
    return _("No backup was written to %(file)s: %(why)s") % {"file": target, "why": error}
