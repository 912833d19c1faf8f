"""The board as data: Table 4 as CSV, Tables 4 to 6 as JSON, the thesis's devices cited beside ours."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from recognizer import csv_files
from training.devices.models import Benchmark
from training.devices.sheet import DeviceSheet
from training.devices.web import remarks, tables, thesis_tables
from training.devices.web.entered import chips

CITED = "thesis"
OURS = "measured"


@require_safe
def sheets(request: HttpRequest) -> HttpResponseBase:
    """Table 4 as CSV, a row for each device."""
    return csv_files.response(_sheet_rows(), "devices.csv", request.GET)


@require_safe
def as_json(request: HttpRequest) -> HttpResponseBase:
    """Tables 4, 5 and 6."""
    found = tables.lines(tables.newest())
    prefetch_related_objects([line.benchmark for line in found if line.benchmark], "meter_readings")
    answer = JsonResponse(
        {
            "unit": "seconds for 10,000 images",
            "cited": {"source": CITED, "year": thesis_tables.YEAR},
            "devices": [
                {"name": name, "source": source, "sheet": sheet.as_dict()} for name, source, sheet in _devices()
            ],
            "times": [_time(line) for line in found],
            "chips": [row.as_dict() for row in chips.rows()],
        },
        json_dumps_params={"ensure_ascii": False},
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="devices.json"'
    return answer


def _devices() -> list[tuple[str, str, DeviceSheet]]:
    cited = [(each.name, CITED, each.sheet) for each in thesis_tables.DEVICES]
    return cited + [(device.name, OURS, device.rows) for device in tables.computers()]


def _sheet_rows() -> Iterator[Sequence[Any]]:
    yield ["device", "source", *DeviceSheet().as_dict()]
    for name, source, sheet in _devices():
        yield [name, source, *sheet.as_dict().values()]


def _time(line: tables.Line) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "device": line.device,
        "source": CITED if line.is_thesis else OURS,
        "precision": line.precision,
        "seconds": line.seconds,
        "accuracy": line.accuracy,
        "spread": line.spread,
        "ratio_to_fp32": line.ratio,
        "ratio_range": line.ratio_range,
    }
    job = line.benchmark
    if job is None:
        return figures
    return {
        **figures,
        "model": job.model.name,
        "model_sha256": job.model.file_sha256,
        "batch_size": job.batch_size,
        "at": job.finished_at,
        "results": job.results,
        "meter": _meter(job),
        "remarks": remarks.remarks(job),
    }


def _meter(job: Benchmark) -> dict[str, Any] | None:
    """The newest value of a meter, entered by hand."""
    for reading in job.meter_readings.all():
        shown = ("value", "unit", "images", "subject", "joules_for_10000", "created_at")
        return {"kind": "measured", "by_hand": True, **{name: getattr(reading, name) for name in shown}}
    return None
