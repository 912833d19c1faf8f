"""Reading a backup: nothing of it is used before all of it is found whole."""

import errno
import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keeping.archive.manifest import DATABASE, FILES, MANIFEST, Manifest, ManifestError, Member
from keeping.errors import KeepingError
from keeping.rows import snapshot
from training.jobs.progress import ShareProgress

PIECE = 2**20
LARGEST_MANIFEST = 2**28
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What Python's reader of zip files raises at wrong bits."""


@contextmanager
def opened_archive(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Open a backup and read its manifest.

    Raises:
        KeepingError: it cannot be read, is none, was cut short or is of another version.

    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _manifest(archive)
    except FileNotFoundError as error:
        raise KeepingError(f"There is no file {path}.") from error
    except ManifestError as error:
        raise KeepingError(f"{path} cannot be restored: {error}.") from error
    except DAMAGED as error:
        raise KeepingError(f"{path} is no backup of Propis, or was cut short: {error}.") from error
    except OSError as error:
        raise KeepingError(f"{path} cannot be read: {error.strerror or error}.") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError:
        raise ManifestError("it has no manifest, so it is no backup of Propis") from None
    if info.file_size > LARGEST_MANIFEST:
        raise ManifestError("its manifest is too large")
    manifest = Manifest.from_json(archive.read(info))
    if set(archive.namelist()) != {*manifest.members, MANIFEST}:
        raise ManifestError("it does not hold the files that its manifest names")
    return manifest


def unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path, progress: ShareProgress) -> None:
    """Write all files of a backup into a folder of its own and check each by its hash, and the rows by their number.

    Raises:
        KeepingError: something is not as the manifest says, or there is no room.

    """
    free = shutil.disk_usage(folder).free
    if free < manifest.total:
        raise KeepingError(f"{manifest.total:,} bytes are needed, and the disk has only {free:,} left.")
    done = 0
    for name, member in manifest.members.items():
        progress(done / (manifest.total or 1), name)
        _take_out(archive, name, member, folder / name)
        done += member.size
    database = folder / DATABASE
    if not database.exists() or not snapshot.is_sound(database) or snapshot.counts(database) != manifest.rows:
        raise KeepingError("The rows in the backup are not those that its manifest counts.")
    (folder / FILES).mkdir(exist_ok=True)


def _take_out(archive: zipfile.ZipFile, name: str, member: Member, target: Path) -> None:
    sha256, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(name) as source, target.open("xb") as file:
            while size <= member.size and (piece := source.read(PIECE)):
                sha256.update(piece)
                size += len(piece)
                file.write(piece)
    except DAMAGED as error:
        raise KeepingError(f"The backup is damaged at {name}: {error}.") from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise KeepingError("The disk is full: nothing was restored." if full else f"{name}: {error}") from error
    if (size, sha256.hexdigest()) != (member.size, member.sha256):
        raise KeepingError(f"The backup was altered: {name} is not the file whose hash its manifest has.")
