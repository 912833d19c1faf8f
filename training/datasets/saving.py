"""Saving a data set: its row and its folder of files appear together, or not at all."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from training.datasets import files
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset, valid_name
from training.datasets.splitting import Split
from training.datasets.workspace import publish

STANDING_INK = "moments-2"
"""The ink specification whose inputs are made at once; those of others are made when somebody asks."""


def check_name(name: str) -> None:
    """Refuse a name that no data set can have, or that one has.

    Raises:
        DatasetError: so it is.

    """
    try:
        valid_name(name)
    except ValidationError as error:
        raise DatasetError(" ".join(error.messages)) from error
    if Dataset.objects.filter(name=name).exists():
        raise _name_taken(name)


def save(
    row: Dataset, folder: Path, inputs: Mapping[Split, tuple[str, int]], on_saved: Callable[[Dataset], None]
) -> None:
    """Put files and row in place together: the folder takes its name just before the row is committed.

    Args:
        row: the data set, not saved yet.
        folder: a finished workspace.
        inputs: SHA-256 and size of each part's file of inputs by the standing ink specification.
        on_saved: called within the transaction; what it raises undoes everything.

    Raises:
        DatasetError: somebody else has just taken the name.

    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            for split, (sha256, size) in inputs.items():
                files.record(row, split, STANDING_INK, sha256, size)
            on_saved(row)
            publish(folder, row.folder)
    except BaseException as error:
        if row.pk is not None and not Dataset.objects.filter(pk=row.pk).exists():
            shutil.rmtree(row.folder, ignore_errors=True)
        if isinstance(error, IntegrityError):
            raise _name_taken(row.name) from error
        raise


def _name_taken(name: str) -> DatasetError:
    return DatasetError(_("There is a data set named “%(name)s” already.") % {"name": name})
