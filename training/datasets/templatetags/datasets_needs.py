"""What still needs the data sets that somebody is about to delete, above the question of the admin."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch
from django.utils.translation import ngettext

from training.datasets.models import Dataset
from training.jobs.unfinished import Work, unfinished_of

register = template.Library()
SHOWN = 20


@dataclass(frozen=True)
class NamedWork:
    """Work as the page names it."""

    kind: str
    name: str
    state: str
    address: str

    @classmethod
    def of(cls, work: Work) -> "NamedWork":
        """Name it."""
        address = ""
        with suppress(NoReverseMatch):  # a kind that nobody orders by itself has no page
            address = work.get_absolute_url()
        return cls(str(work._meta.verbose_name), str(work), str(work.get_state_display()), address)


@register.inclusion_tag("datasets/still_needed.html")
def still_needed(datasets: Iterable[Dataset] | Dataset) -> dict[str, Any]:
    """Name the jobs and sweeps that have not ended and refer to a data set, or to one of several."""
    found = unfinished_of([datasets] if isinstance(datasets, Dataset) else list(datasets))
    left = len(found[SHOWN:])
    more = ngettext("%(count)d more", "%(count)d more", left) % {"count": left} if left else ""
    return {"works": [NamedWork.of(work) for work in found[:SHOWN]], "more": more}
