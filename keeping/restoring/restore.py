"""The restore of a backup, from its file to an installation that can be started."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from keeping import kept_files
from keeping.archive.manifest import DATABASE, Manifest
from keeping.archive.reading import opened_archive, unpack
from keeping.errors import KeepingError
from keeping.installation import held_still, keep_from_others
from keeping.restoring import swap
from keeping.rows import snapshot
from keeping.rows.databases import has_rows, is_sqlite, migrate, opened, own_file, sqlite_settings
from recognizer.filestore.objects import has_store
from training.datasets.locked_folder import locked_folder
from training.jobs.progress import ShareProgress, unheard

PREFIX = ".restoring-"


@dataclass(frozen=True)
class Restored:
    """What a restore has done.

    Attributes:
        manifest: of the backup.
        set_aside: where what was there is now; None where there was nothing to be missed.

    """

    manifest: Manifest
    set_aside: Path | None


def restore(file: Path, *, replace: bool = False, progress: ShareProgress = unheard) -> Restored:
    """Restore a backup into an empty installation, or in place of one that is then set aside.

    Raises:
        KeepingError: the product runs, the installation is not empty and `replace` not given, or the backup is not
            whole or of a later version. Nothing has changed then.

    """
    if has_store():
        raise KeepingError(
            "A backup is restored into a folder: do it without PROPIS_FILES, then `manage.py move --files s3://…`."
        )
    with held_still(), opened_archive(file) as (archive, manifest):
        swap.finish()  # of a restore that was killed
        was_empty = _is_empty()
        if not replace and not was_empty:
            raise KeepingError(
                f"{settings.PROPIS_VAR} is not empty. With --replace what is there is set aside, and nothing deleted."
            )
        with locked_folder(settings.PROPIS_VAR, PREFIX, mode=0o700) as folder:
            unpack(archive, manifest, folder, progress)
            with opened(sqlite_settings(folder / DATABASE)) as staged:
                migrate(staged)
            snapshot.leave_moment_out(folder / DATABASE)  # earlier versions took workers along
            begun = swap.begin(folder)
        swap.finish()
        keep_from_others()
    aside = settings.PROPIS_VAR / begun.aside
    return Restored(manifest, aside if aside.exists() and not was_empty else None)


def _is_empty() -> bool:
    """Whether there is nothing that a restore would replace: no rows of people's, and no files of such rows."""
    always = {kept_files.IDENTITY, kept_files.SECRET_KEY}
    files = (path for path in kept_files.kept(settings.PROPIS_VAR) if path.name not in always)
    if next(files, None) is not None:
        return False
    if is_sqlite() and not own_file().exists():
        return True
    try:
        return not has_rows(DEFAULT_DB_ALIAS)
    except DatabaseError as error:
        raise KeepingError(f"The database does not answer: {str(error).strip().partition(chr(10))[0]}") from error
