"""The models that one can choose from, each with its size, its accuracy and its time on each device.

A model of the catalogue has the accuracy of its card and the times of its newest benchmarks, letters one by one. What
its makers measured comes with the project and goes before; of those models that are not in the catalogue the figures
alone are known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from recognizer.models import StoredModel
from training.devices.choice import measured
from training.devices.choice.measured import MeasuredDevice, ModelFigures
from training.devices.exports import COMPUTER
from training.devices.measurement import NUMPY
from training.devices.models import Benchmark, Device
from training.jobs.models import State

MOST_MODELS = 500
"""Of the catalogue, the newest; more no chart could show."""


@dataclass(frozen=True)
class Point:
    """A model as a point of the charts.

    Attributes:
        name, precision, shape, file_bytes: of the model.
        accuracy: 0…1 on test pictures, by data set.
        microseconds: for one letter by device, letters one by one.
        is_measured: whether its accuracy is one that came with the project; else it is that of its card.
        model: in the catalogue, or None.

    """

    name: str
    precision: str
    shape: str
    file_bytes: int
    accuracy: Mapping[str, float]
    microseconds: Mapping[str, float] = field(default_factory=dict)
    is_measured: bool = False
    model: StoredModel | None = None

    @property
    def kilobytes(self) -> float:
        """Size of the whole file; a KB has 1,024 bytes."""
        return self.file_bytes / 1024

    def mean_accuracy(self, data_sets: Iterable[str]) -> float | None:
        """The mean over these data sets; None where one is not known."""
        shares = [self.accuracy.get(name) for name in data_sets]
        known = [share for share in shares if share is not None]
        return sum(known) / len(known) if shares and len(known) == len(shares) else None


def devices() -> list[MeasuredDevice]:
    """Devices that times are known of: those that come with the project, then those of this installation."""
    ours = Device.objects.filter(benchmarks__state=State.SUCCEEDED, benchmarks__batch_size=1).distinct()
    return [*measured.shipped().devices, *(MeasuredDevice(_key(each.pk), each.name, COMPUTER) for each in ours)]


def points() -> list[Point]:
    """All of them, the smallest file first."""
    rows = list(StoredModel.objects.order_by("-is_active", "-pk")[:MOST_MODELS])
    there = {row.file_sha256 for row in rows}
    alone = [_alone(each) for each in measured.shipped().models if each.file_sha256 not in there]
    done = Benchmark.objects.filter(state=State.SUCCEEDED)
    return sorted([*_with_times(rows, _times(done)), *alone], key=lambda each: (each.file_bytes, each.name))


def points_of(rows: Iterable[StoredModel]) -> list[Point]:
    """These models of the catalogue, in their order."""
    models = list(rows)
    return _with_times(models, _times(Benchmark.objects.filter(state=State.SUCCEEDED, model__in=models)))


def _with_times(rows: Iterable[StoredModel], times: Mapping[int, Mapping[str, float]]) -> list[Point]:
    known = {each.file_sha256: each for each in measured.shipped().models if each.file_sha256}
    return [_of_catalogue(row, known.get(row.file_sha256), times.get(row.pk, {})) for row in rows]


def _of_catalogue(row: StoredModel, before: ModelFigures | None, times: Mapping[str, float]) -> Point:
    accuracy = before.test if before else _shares(row.accuracy)
    microseconds = {**(before.microseconds if before else {}), **times}
    shape, is_measured = row.architecture, before is not None
    return Point(row.name, row.precision, shape, row.file_bytes, accuracy, microseconds, is_measured, row)


def _alone(model: ModelFigures) -> Point:
    accuracy, times = model.test, model.microseconds
    return Point(model.name, model.precision, model.shape, model.file_bytes, accuracy, times, is_measured=True)


def _shares(accuracy: Mapping[str, object]) -> dict[str, float]:
    """What of a card's accuracy is a share: the card may come from anybody."""
    numbers = {name: share for name, share in accuracy.items() if isinstance(share, int | float)}
    return {name: float(share) for name, share in numbers.items() if 0 <= share <= 1}


def _times(ended: QuerySet[Benchmark]) -> dict[int, dict[str, float]]:
    """Microseconds for one letter by model and device, of the newest of these benchmarks."""
    done = ended.filter(device__isnull=False, batch_size=1, backend=NUMPY)
    times: dict[int, dict[str, float]] = {}
    for each in done.select_related("model").order_by("pk"):
        if each.results and each.precision == each.model.precision:
            times.setdefault(each.model_id, {})[_key(each.device_id)] = each.results["microseconds_per_image"]
    return times


def _key(pk: int | None) -> str:
    return f"device-{pk}"
