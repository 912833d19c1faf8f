"""How long the models of the catalogue take, for the list of them: see `recognizer.web.model_times`."""

from recognizer.models import StoredModel
from training.devices.choice import measured, points
from training.devices.measurement import NUMPY
from training.devices.models import Benchmark
from training.jobs.models import State


def devices() -> list[tuple[str, str]]:
    """Key and name of each device: those that come with the project, then those of this installation."""
    return [(each.key, each.name) for each in points.devices()]


def times(device: str) -> dict[int, float]:
    """Microseconds for one letter on a device, letters one by one, by the key of the model."""
    shipped = {each.file_sha256: each.microseconds.get(device) for each in measured.shipped().models}
    of_files = StoredModel.objects.filter(file_sha256__in=[file for file, time in shipped.items() if time and file])
    known = {key: time for key, file in of_files.values_list("pk", "file_sha256") if (time := shipped[file])}
    return known | _benchmarked(device)


def _benchmarked(device: str) -> dict[int, float]:
    """What the newest benchmarks of this installation have measured."""
    key = device.removeprefix("device-")
    done = Benchmark.objects.filter(state=State.SUCCEEDED, batch_size=1, backend=NUMPY, results__isnull=False)
    rows = done.filter(device=int(key)) if key != device and key.isdecimal() and len(key) < 10 else done.none()
    found = rows.order_by("pk").values_list("model_id", "precision", "model__precision", "results")
    return {
        model: results["microseconds_per_image"]
        for model, precision, own, results in found
        if results and precision == own
    }
