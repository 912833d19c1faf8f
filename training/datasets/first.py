"""The data set of the first start: letters made by us, so that training can be tried with no download."""

from training.datasets import synthesis
from training.datasets.models import Dataset, DatasetImport, Origin
from training.jobs import lifecycle


def queue_first_dataset() -> bool:
    """Queue the making of this data set where there is no data set yet, nor any import; tell whether that was done."""
    if Dataset.objects.exists() or DatasetImport.objects.exists():
        return False
    lifecycle.enqueue(DatasetImport(name=synthesis.NAME, origin=Origin.MADE, per_letter=synthesis.PER_LETTER))
    return True
