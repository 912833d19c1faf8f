"""An import that was asked for and is not confirmed yet: it lives in a signed address, not in the database."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core import signing
from django.core.cache import cache

from recognizer.messages import gettext as _
from training.datasets.imports import uploads
from training.datasets.imports.inspection import ArchiveInspection, inspect_archive
from training.datasets.layouts.plan import Choice
from training.datasets.models import DatasetImport, Origin

_SALT = "datasets.draft"
LASTS_SECONDS = 24 * 3600
REMEMBERED_SECONDS = 600


@dataclass(frozen=True)
class Draft:
    """What the form of a new import was sent with; `user` is the key of who sent it."""

    name: str
    seed: int
    origin: str
    path: str
    user: int

    @classmethod
    def of(cls, job: DatasetImport, user: int) -> "Draft":
        """Make a draft of an import that is not saved."""
        return cls(job.name, job.seed, job.origin, job.path, user)

    def token(self) -> str:
        """Return it as a part of an address."""
        return signing.dumps(asdict(self), salt=_SALT, compress=True)

    @classmethod
    def read(cls, token: str, user: int) -> "Draft | None":
        """Return the draft of a token; None where it is forged, old, or somebody else's."""
        try:
            draft = cls(**signing.loads(token, salt=_SALT, max_age=LASTS_SECONDS))
        except (signing.BadSignature, TypeError):
            return None
        return draft if draft.user == user else None

    @property
    def archive(self) -> Path:
        """Where the archive is.

        Raises:
            ArchiveError: it is no longer there.

        """
        if self.origin == Origin.FOLDER:
            return uploads.under_import_root(self.path)
        return uploads.still_here(self.path)

    def discard(self) -> None:
        """Forget what was uploaded for it."""
        if self.origin == Origin.UPLOAD:
            uploads.forget(Path(self.path))

    def inspect(self, letters: str, choice: Choice) -> ArchiveInspection:
        """Look at the archive; what was found in a file is remembered for some minutes.

        Raises:
            ArchiveError: the archive cannot be taken, or is no longer there.

        """
        path = self.archive
        if path.is_dir():
            return inspect_archive(path, letters=letters, choice=choice, samples=True)
        status = path.stat()
        key = signing.Signer(salt=_SALT).signature(
            repr((str(path), status.st_mtime_ns, status.st_size, letters, choice, _("not in the table")))
        )
        found: Any = cache.get(key)
        if found is None:
            found = inspect_archive(path, letters=letters, choice=choice, samples=True)
            cache.set(key, found, REMEMBERED_SECONDS)
        return found  # type: ignore[no-any-return]
