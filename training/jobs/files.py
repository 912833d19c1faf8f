"""Whether this machine has the files that the database refers to: the folder of all state has an identity.

With a store that identity is an object in it, and a new machine's empty folder takes it from there.

A worker elsewhere on the same database claims nothing that needs them. The identity is given by `migrate`, in the
folder and in the database, where neither has one; a folder that is shared or restored keeps it.
"""

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, transaction

from recognizer.filestore.errors import StoreAwayError
from recognizer.filestore.places import here, keep
from training.jobs.models import Deployment


def _file() -> Path:
    path: Path = settings.PROPIS_VAR / "identity"
    return path


def are_here() -> bool:
    """Whether the folder of all state is the database's own; a SQLite database has no other machines."""
    if connection.vendor == "sqlite":
        return True
    try:
        return Deployment.objects.filter(identity=here(_file()).read_text().strip()).exists()
    except (FileNotFoundError, StoreAwayError):
        return False


def give_identity(using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """After a migration: give the database and this folder the same identity, where the database has none yet."""
    if using != DEFAULT_DB_ALIAS:  # a database that is being copied into
        return
    with transaction.atomic():
        if Deployment.objects.exists():
            return
        file = _file()
        identity = file.read_text().strip() if here(file).exists() else uuid.uuid4().hex
        Deployment.objects.create(identity=identity)
        file.write_text(f"{identity}\n")
        keep(file)
