"""Data sets by name, for commands."""

from django.utils.translation import gettext as _

from training.datasets.errors import DatasetError
from training.datasets.models import Dataset


def dataset_named(name: str) -> Dataset:
    """Return the data set of this name.

    Raises:
        DatasetError: there is none.

    """
    found = Dataset.objects.filter(name=name).first()
    if found is None:
        raise DatasetError(_("There is no data set named “%(name)s”.") % {"name": name})
    return found
