"""People's decisions on pictures: the one that holds, counts, and the changes of a new version."""

from collections.abc import Collection

from django.db.models import Count, Max

from training.cleaning.models import Action, Decision
from training.datasets.models import Dataset
from training.datasets.versions.new_version import Changes


def current(dataset: Dataset, pictures: Collection[int] | None = None) -> dict[int, Decision]:
    """Return the decision that holds, by picture; of all pictures, or of these."""
    rows = Decision.objects.filter(dataset=dataset)
    if pictures is not None:
        rows = rows.filter(picture__in=pictures)
    return {row.picture: row for row in rows.order_by("pk")}


def changes(dataset: Dataset) -> Changes:
    """Return what a new version changes, by the decisions that hold."""
    held = current(dataset)
    return Changes(
        rejected=frozenset(picture for picture, row in held.items() if row.action == Action.REJECT),
        relabelled={picture: row.label for picture, row in held.items() if row.label is not None},
    )


def tally(dataset: Dataset) -> dict[str, int]:
    """Count the pictures by the decision that holds."""
    rows = Decision.objects.filter(dataset=dataset).order_by()
    newest = rows.values("picture").annotate(newest=Max("pk")).values("newest")
    counts = dict(Decision.objects.filter(pk__in=newest).order_by().values_list("action").annotate(Count("pk")))
    return {action.value: counts.get(action.value, 0) for action in Action}
