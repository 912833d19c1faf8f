"""Where an import builds its files until they are complete; what a killed import left is cleaned away by the next.

A workspace is a folder beside the data sets, held by its owner (`locked_folder`).
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from training.datasets.locked_folder import LOCK, is_old, locked_folder, remove_abandoned
from training.datasets.models import Dataset, root

PREFIX = "importing-"


@contextmanager
def workspace() -> Iterator[Path]:
    """Give an empty folder; whatever is left in it at the end is removed."""
    remove_uncommitted()
    with locked_folder(root(), PREFIX) as folder:
        yield folder


def publish(folder: Path, target: Path) -> None:
    """Make a finished workspace the folder of a data set, in one step.

    The caller holds the row of the data set, uncommitted, so whatever is at the target is left of an import that died
    between this step and its commit.
    """
    if target.exists():
        shutil.rmtree(target)
    (folder / LOCK).unlink()
    folder.rename(target)


def remove_uncommitted() -> None:
    """Remove folders of data sets whose row was never committed."""
    known = {str(key) for key in Dataset.objects.values_list("pk", flat=True)}
    for folder in root().iterdir():
        if folder.name.isdigit() and folder.name not in known and is_old(folder):
            shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove what imports have left that were killed."""
    remove_uncommitted()
    remove_abandoned(root(), PREFIX)
