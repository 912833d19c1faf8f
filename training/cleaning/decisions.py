"""What people decide on pictures: added, taken back, read off for a new version."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from training.cleaning.models import Action, Decision
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.store import Index
from training.datasets.versions import Changes


def current(dataset: Dataset, pictures: Collection[int] | None = None) -> dict[int, Decision]:
    """Return the decision that holds, by picture; of all pictures, or of these."""
    rows = Decision.objects.filter(dataset=dataset)
    if pictures is not None:
        rows = rows.filter(picture__in=pictures)
    return {row.picture: row for row in rows.order_by("pk")}


def decide(
    dataset: Dataset, index: Index, pictures: Sequence[int], action: Action, *, letter: str = "", by: Any = None
) -> list[Decision]:
    """Write down one decision on some pictures, to be taken back in one go.

    Args:
        dataset: whose pictures.
        index: the data set's.
        pictures: their numbers.
        action: what is decided.
        letter: the new letter, for `Action.RELABEL`; a small one means its capital.
        by: the user who decides.

    Raises:
        DatasetError: there is no such picture or letter.

    """
    if not pictures:
        raise DatasetError(_("Choose at least one picture."))
    if any(not 0 <= picture < dataset.pictures for picture in pictures):
        raise DatasetError(_("“%(name)s” has no such picture.") % {"name": dataset.name})
    label = _label(dataset, letter) if action == Action.RELABEL else None
    batch = uuid.uuid4()
    rows = [
        Decision(
            dataset=dataset,
            picture=picture,
            digest=index.digests[picture].tobytes().hex(),
            action=action,
            label=label,
            batch=batch,
            by=by,
        )
        for picture in dict.fromkeys(pictures)
    ]
    return Decision.objects.bulk_create(rows, batch_size=1000)


def undo(dataset: Dataset, *, by: Any) -> list[int]:
    """Take back what this user decided last in this data set, and return the pictures; empty where there is nothing."""
    with transaction.atomic():
        last = Decision.objects.filter(dataset=dataset, by=by).order_by("-pk").first()
        if last is None:
            return []
        rows = Decision.objects.filter(dataset=dataset, batch=last.batch)
        pictures = list(rows.values_list("picture", flat=True))
        rows.delete()
    return pictures


def changes(dataset: Dataset) -> Changes:
    """Return what a new version is to have otherwise."""
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


def carry_over(parent: Dataset, version: Dataset, origin: NDArray[np.int64]) -> None:
    """Let what was found right, or was put right, count as accepted in the version: nobody need look at it again."""
    places = dict(zip(origin.tolist(), range(len(origin)), strict=True))
    batch = uuid.uuid4()
    rows = [
        Decision(
            dataset=version,
            picture=places[picture],
            digest=row.digest,
            action=Action.ACCEPT,
            batch=batch,
            by_id=row.by_id,
            at=row.at,
        )
        for picture, row in current(parent).items()
        if row.action != Action.REJECT and picture in places
    ]
    Decision.objects.bulk_create(rows, batch_size=1000)


def _label(dataset: Dataset, letter: str) -> int:
    label = dataset.letters.find(letter.upper()) if len(letter) == 1 else -1
    if label < 0:
        raise DatasetError(_("“%(name)s” has no letter “%(letter)s”.") % {"name": dataset.name, "letter": letter})
    return label
