"""Every row of cleaning that people or workers ask for: label checks, decisions, new versions."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from training.cleaning import decisions
from training.cleaning.models import Action, Cleaning, Decision, Finding, NewVersion
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.naming import check_name
from training.datasets.storage.picture_files import Index
from training.jobs import lifecycle
from training.jobs.models import FINISHED, State
from training.jobs.worker.work_loop import worker_name

_AT_ONCE = 1000


def queue_check(dataset: Dataset, *, by: Any) -> Cleaning:
    """Queue a label check of a data set; return the one that waits or runs already, where there is one."""
    job = Cleaning.objects.filter(dataset=dataset).exclude(state__in=FINISHED).first()
    return job or lifecycle.enqueue(Cleaning(dataset=dataset), by=by)


def begin_check(dataset: Dataset, *, folds: int, seed: int) -> Cleaning:
    """Create a label check that this process does itself.

    Raises:
        ValidationError: folds or seed are out of range.

    """
    job = Cleaning(dataset=dataset, folds=folds, seed=seed)
    job.clean_fields(exclude=["created_by"])
    return lifecycle.create_claimed(job, worker=worker_name())


def complete_check(job: Cleaning, findings: Iterable[Finding], *, counts: dict[str, int], accuracy: float) -> None:
    """Save the findings of a label check with its success, in one transaction."""
    with transaction.atomic():
        Finding.objects.bulk_create(findings, batch_size=_AT_ONCE)
        lifecycle.finish(job, State.SUCCEEDED, counts=counts, accuracy=accuracy)


def queue_version(parent: Dataset, *, name: str, comment: str = "", by: Any) -> NewVersion:
    """Queue the making of a new version from the decisions on a data set.

    Raises:
        DatasetError: the name is not allowed, or taken.
        ValidationError: the comment is too long.

    """
    job = NewVersion(parent=parent, name=name, comment=comment)
    check_name(job.name)
    job.clean_fields(exclude=["created_by"])
    return lifecycle.enqueue(job, by=by)


def begin_version(parent: Dataset, *, name: str, comment: str) -> NewVersion:
    """Create a job for a new version that this process makes itself."""
    return lifecycle.create_claimed(NewVersion(parent=parent, name=name, comment=comment), worker=worker_name())


def complete_version(job: NewVersion, version: Dataset, origin: NDArray[np.int64]) -> None:
    """End the making of a version with success; called within the transaction that saves the version.

    What was accepted or corrected in the parent counts as accepted in the version, so that it need not be reviewed
    again.

    Args:
        job: the job.
        version: the version.
        origin: (n,), the number in the parent of each of the version's pictures.

    """
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
        for picture, row in decisions.current(job.parent).items()
        if row.action != Action.REJECT and picture in places
    ]
    Decision.objects.bulk_create(rows, batch_size=_AT_ONCE)
    lifecycle.finish(job, State.SUCCEEDED, dataset=version)


def decide(
    dataset: Dataset, index: Index, pictures: Sequence[int], action: Action, *, letter: str = "", by: Any = None
) -> list[Decision]:
    """Save one decision on some pictures, which can be undone in one go.

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
    return Decision.objects.bulk_create(rows, batch_size=_AT_ONCE)


def undo(dataset: Dataset, *, by: Any) -> list[int]:
    """Delete the last decision of this user on this data set; return its pictures, none where there is no decision."""
    with transaction.atomic():
        last = Decision.objects.filter(dataset=dataset, by=by).order_by("-pk").first()
        if last is None:
            return []
        rows = Decision.objects.filter(dataset=dataset, batch=last.batch)
        pictures = list(rows.values_list("picture", flat=True))
        rows.delete()
    return pictures


def _label(dataset: Dataset, letter: str) -> int:
    label = dataset.letters.find(letter.upper()) if len(letter) == 1 else -1
    if label < 0:
        raise DatasetError(_("“%(name)s” has no letter “%(letter)s”.") % {"name": dataset.name, "letter": letter})
    return label
