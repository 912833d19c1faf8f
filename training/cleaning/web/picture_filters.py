"""The page of a data set's pictures: filtered by the findings of the newest label check, with what was decided."""

from collections.abc import Sequence

import numpy as np
from django.utils.translation import gettext_lazy, pgettext
from numpy.typing import NDArray

from training.cleaning import decisions, findings
from training.cleaning.models import Finding, FindingKind
from training.cleaning.web.presentation import shown_decision
from training.datasets.models import Dataset
from training.datasets.web import filters, picture_marks
from training.datasets.web.filters import PictureFilter

ANY = "any"


def register() -> None:
    """Add the filter, and the decisions."""
    filters.register(PictureFilter("finding", gettext_lazy("Finding"), choices, pictures))
    picture_marks.register(decided)


def decided(dataset: Dataset, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
    """What people decided of these pictures."""
    held = decisions.current(dataset, numbers)
    return {number: shown_decision(dataset, held[number]) for number in numbers if number in held}


def choices(dataset: Dataset) -> list[tuple[str, str]]:
    """Each kind with findings, and any of them; nothing where there was no label check."""
    cleaning = findings.latest(dataset)
    if cleaning is None:
        return []
    kinds = [(kind.value, str(kind.label)) for kind in FindingKind if cleaning.counts.get(kind.value)]
    return [(ANY, pgettext("finding", "any")), *kinds] if kinds else []


def pictures(dataset: Dataset, kind: str) -> NDArray[np.int64]:
    """Numbers (m,) of the pictures with this finding, whether decided or not."""
    found = Finding.objects.filter(cleaning=findings.latest(dataset)).order_by()
    if kind != ANY:
        found = found.filter(kind=kind)
    return np.fromiter(found.values_list("picture", flat=True), dtype=np.int64)
