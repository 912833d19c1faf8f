"""A model beside those that it was made from, or that were made from it: what each gains, and what it costs."""

from dataclasses import dataclass

from django.db.models import Q

from recognizer.models import StoredModel
from training.devices.choice.measured import MeasuredDevice
from training.devices.choice.points import Point, devices, points_of

MOST = 12


@dataclass(frozen=True)
class Relatives:
    """A table.

    Attributes:
        data_sets: whose test accuracy is known of at least one of the models.
        devices: on which at least one of them was timed.
        rows: each model with its accuracies 0…1 and its microseconds for one letter, in these orders; None where one is
            not known.

    """

    data_sets: list[str]
    devices: list[MeasuredDevice]
    rows: list[tuple[Point, list[float | None], list[float | None]]]


def relatives_of(model: StoredModel) -> Relatives | None:
    """The model with its relatives, the one that all were made from first; None where it has none."""
    origin = model.parent_id or model.pk
    family = list(StoredModel.objects.filter(Q(pk=origin) | Q(parent=origin)).order_by("pk")[:MOST])
    if len(family) < 2:
        return None
    found = points_of(sorted(family, key=lambda each: (each.pk != origin, -each.file_bytes)))
    data_sets = sorted({name for point in found for name in point.accuracy})
    timed = [each for each in devices() if any(each.key in point.microseconds for point in found)]
    rows = [
        (
            point,
            [point.accuracy.get(name) for name in data_sets],
            [point.microseconds.get(each.key) for each in timed],
        )
        for point in found
    ]
    return Relatives(data_sets, timed, rows)
