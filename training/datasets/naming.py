"""Names of data sets: which are allowed, which are free, and the data set that has one."""

import re
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError

from recognizer.messages import gettext as _
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset, DatasetImport, valid_name
from training.jobs import lifecycle
from training.jobs.models import FINISHED

MOST_LISTED = 20
"""Data sets that an error names."""
MADE_BY = {"name", "dataset"}
"""Fields of a job that makes a data set: of an import, and of a new version, which this app does not know."""


def dataset_named(name: str) -> Dataset:
    """Return the data set of this name.

    Raises:
        DatasetError: there is none, or none yet; the message says that, or names those that there are.

    """
    found = Dataset.objects.filter(name=name).first()
    if found is None:
        if is_being_made(name):
            raise DatasetError(_("There is no data set named “%(name)s” yet: it is being made.") % {"name": name})
        known = ", ".join(Dataset.objects.values_list("name", flat=True)[:MOST_LISTED])
        known = known or _("none yet; see import_dataset")
        raise DatasetError(
            _("There is no data set named “%(name)s”; there are: %(known)s.") % {"name": name, "known": known}
        )
    return found


def is_being_made(name: str) -> bool:
    """Whether a job that waits or runs is to make a data set of this name."""
    makers: list[Any] = [kind for kind in lifecycle.kinds() if {field.name for field in kind._meta.fields} >= MADE_BY]
    return any(kind._default_manager.filter(name=name).exclude(state__in=FINISHED).exists() for kind in makers)


def check_name(name: str) -> None:
    """Refuse a name that is not allowed, or that a data set has already.

    Raises:
        DatasetError: the name is not allowed, or taken.

    """
    try:
        valid_name(name)
    except ValidationError as error:
        raise DatasetError(" ".join(error.messages)) from error
    if Dataset.objects.filter(name=name).exists():
        raise name_taken(name)


def proposed_name(file_name: str) -> str:
    """A name for a data set by the name of its archive that is allowed and free: `letters.tar.gz` becomes `letters`."""
    stem = re.sub(r"(\.(zip|tar|tgz|gz|bz2|xz|npz|npy|csv))+$", "", file_name, flags=re.IGNORECASE)
    base = re.sub(r"[^\w .()-]+", " ", stem).strip(" .-()_")[:90] or "letters"
    taken = {*Dataset.objects.filter(name__startswith=base).values_list("name", flat=True)}
    taken |= {*DatasetImport.objects.filter(name__startswith=base).values_list("name", flat=True)}
    return next(name for number in count(1) if (name := base if number == 1 else f"{base} {number}") not in taken)


def name_taken(name: str) -> DatasetError:
    """Make the error that says that a data set has this name already."""
    return DatasetError(_("There is a data set named “%(name)s” already.") % {"name": name})
