"""The files of an installation brought to a store, each read back; what is there with its hash is not sent again."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import ImproperlyConfigured

from keeping import kept_files
from keeping.errors import KeepingError
from recognizer.filestore.errors import StoreAwayError
from recognizer.filestore.objects import Objects, opened
from training.datasets.storage.picture_files import file_sha256
from training.jobs.progress import ShareProgress


def store_at(address: str) -> Objects:
    """The store at an address such as `s3://bucket/prefix`.

    Raises:
        KeepingError: it is no such address, or the packages for it are missing.

    """
    try:
        return opened(address)
    except ImproperlyConfigured as error:
        raise KeepingError(str(error).replace("PROPIS_FILES", "--files")) from error


def send(files: Path, objects: Objects, progress: ShareProgress) -> tuple[int, int]:
    """Send what matters below a folder, but not the secret key; return how many files that is, and how many went.

    Raises:
        KeepingError: the files of another installation are there, or the store is away. The same goes on later.

    """
    paths = [path for path in kept_files.kept(files) if path != files / kept_files.SECRET_KEY]
    total, done, sent = sum(path.stat().st_size for path in paths) or 1, 0, 0
    try:
        _refuse_others(files, objects)
        for path in paths:
            name = path.relative_to(files).as_posix()
            progress(done / total, name)
            sent += _send_file(path, name, objects)
            done += path.stat().st_size
    except StoreAwayError as error:
        raise KeepingError(f"The store does not take the files: {error}. The same command goes on.") from error
    return len(paths), sent


def _refuse_others(files: Path, objects: Objects) -> None:
    identity = files / kept_files.IDENTITY
    there = objects.sha256(kept_files.IDENTITY)
    if there and (not identity.exists() or there != file_sha256(identity)):
        raise KeepingError("The files of another installation are there: choose another prefix.")


def _send_file(path: Path, key: str, objects: Objects) -> bool:
    """Send a file and read it back; False where it is there already."""
    if objects.sha256(key) == file_sha256(path):
        return False
    objects.put(key, path)
    with TemporaryDirectory(dir=path.parent, prefix=".read-back-") as folder:
        objects.get(key, Path(folder) / "file")  # compared with the hash that it was put there with
    return True
