"""Objects in the store of files without a row: of a deletion that it did not hear of, or of a killed process."""

import time
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from recognizer.filestore.objects import store
from recognizer.models import StoredModel
from training.datasets.imports import uploads
from training.datasets.models import Dataset, PublishedDrawings
from training.devices.models import Bundle
from training.paper.models import PaperReading
from training.runs.models import Run
from training.runs.worker import checkpoints

_looked_at = float("-inf")


def remove_now_and_then() -> int:
    """Remove them where nobody has in this process for `LEFTOVERS_SECONDS`; return how many. The clock calls it."""
    global _looked_at
    if store() is None or time.monotonic() - _looked_at < settings.LEFTOVERS_SECONDS:
        return 0
    _looked_at = time.monotonic()
    return remove()


def remove() -> int:
    """Delete the objects without a row that are older than `LEFTOVERS_SECONDS`; return how many.

    Raises:
        StoreAwayError: the store does not answer.

    """
    objects = store()
    if objects is None:
        return 0
    oldest = timezone.now() - timedelta(seconds=settings.LEFTOVERS_SECONDS)
    old = [each.key for each in objects.below("") if each.changed_at < oldest]
    known = _known() if old else {}  # after the objects: one that comes meanwhile is in neither
    strays = [key for key in old if _is_stray(key, known)]
    for key in strays:
        objects.delete(key)
    return len(strays)


def _known() -> Mapping[str, set[str]]:
    """What comes after each of these beginnings of a key, of what has a row."""
    return {
        "models": {f"{sha256}.npz" for sha256 in StoredModel.objects.values_list("file_sha256", flat=True)},
        "bundles": {f"{sha256}.npz" for sha256 in Bundle.objects.values_list("inputs_sha256", flat=True)},
        "datasets": {str(pk) for pk in Dataset.objects.values_list("pk", flat=True)},
        "runs": {str(pk) for pk in Run.objects.values_list("pk", flat=True)},
        "checkpoints": {str(pk) for pk in checkpoints.needed_runs()},
        "paper": {str(pk) for pk in PaperReading.objects.values_list("pk", flat=True)},
        "published": {f"{sha256}.zip" for sha256 in PublishedDrawings.objects.values_list("content_sha256", flat=True)},
        "uploads/archives": {folder.name for folder in uploads.needed()},
    }


def _is_stray(key: str, known: Mapping[str, set[str]]) -> bool:
    """Whether a key is of a kind that has rows, and has none; other objects below the prefix are nobody's business."""
    start = next((start for start in known if key.startswith(f"{start}/")), None)
    return start is not None and key.removeprefix(f"{start}/").partition("/")[0] not in known[start]
