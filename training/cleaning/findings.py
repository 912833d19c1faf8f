"""The findings of a label check: filtered, by default without those that are decided."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from training.cleaning.models import Cleaning, Decision, Finding, FindingKind
from training.datasets.models import Dataset
from training.jobs.models import State


@dataclass(frozen=True)
class Filter:
    """Which findings are wanted; None is any.

    Attributes:
        kind: of which kind.
        split: of which split.
        label: of which letter.
        decided: whether those that are decided are wanted, too.

    """

    kind: FindingKind
    split: int | None = None
    label: int | None = None
    decided: bool = False


def latest(dataset: Dataset) -> Cleaning | None:
    """Return the newest label check of a data set that succeeded."""
    return Cleaning.objects.filter(dataset=dataset, state=State.SUCCEEDED).order_by("-pk").first()


def matching(cleaning: Cleaning, wanted: Filter) -> QuerySet[Finding]:
    """Findings of a label check, the likeliest first."""
    rows = Finding.objects.filter(cleaning=cleaning, kind=wanted.kind)
    if wanted.split is not None:
        rows = rows.filter(split=wanted.split)
    if wanted.label is not None:
        rows = rows.filter(label=wanted.label)
    return rows if wanted.decided else rows.exclude(picture__in=_decided(cleaning))


def open_counts(cleaning: Cleaning) -> dict[str, int]:
    """Count what is not decided yet, by kind."""
    rows = Finding.objects.filter(cleaning=cleaning).exclude(picture__in=_decided(cleaning)).order_by()
    return dict(rows.values_list("kind").annotate(Count("pk")))


def undecided(cleaning: Cleaning, kinds: Collection[FindingKind]) -> list[int]:
    """Pictures of these kinds without a decision."""
    rows = Finding.objects.filter(cleaning=cleaning, kind__in=kinds).exclude(picture__in=_decided(cleaning))
    return sorted(set(rows.order_by().values_list("picture", flat=True)))


def _decided(cleaning: Cleaning) -> "QuerySet[Decision, int]":
    return Decision.objects.filter(dataset=cleaning.dataset_id).order_by().values_list("picture", flat=True)
