"""The page of a data set's pictures, filtered by what the newest search has found of them."""

import numpy as np
from django.utils.translation import gettext_lazy, pgettext
from numpy.typing import NDArray

from training.cleaning import review
from training.cleaning.models import Finding, Kind
from training.datasets import filters
from training.datasets.filters import PictureFilter
from training.datasets.models import Dataset

ANY = "any"


def register() -> None:
    """Add the filter."""
    filters.register(PictureFilter("finding", gettext_lazy("Finding"), choices, pictures))


def choices(dataset: Dataset) -> list[tuple[str, str]]:
    """Each kind of which something was found, and any of them; nothing where nobody has searched."""
    cleaning = review.latest(dataset)
    if cleaning is None:
        return []
    kinds = [(kind.value, str(kind.label)) for kind in Kind if cleaning.counts.get(kind.value)]
    return [(ANY, pgettext("finding", "any")), *kinds] if kinds else []


def pictures(dataset: Dataset, kind: str) -> NDArray[np.int64]:
    """Numbers (m,) of the pictures of which this was found, whether somebody has decided on them or not."""
    found = Finding.objects.filter(cleaning=review.latest(dataset)).order_by()
    if kind != ANY:
        found = found.filter(kind=kind)
    return np.fromiter(found.values_list("picture", flat=True), dtype=np.int64)
