"""The board of browsers as CSV and JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from recognizer import csv_files
from training.devices.models import Benchmark
from training.devices.sheet import BrowserSheet
from training.devices.web.browsers import rows

HEAD = ("device", "kind", *BrowserSheet().as_dict(), "model", "precision", "backend", "batch_size")
FIGURES = ("seconds_for_10000", "spread", "accuracy", "clock_seconds", "at")


@require_safe
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """A row for each valid result; `?invitation=CODE`: of one class."""
    return csv_files.response(_rows(_code(request)), "browsers.csv", request.GET)


@require_safe
def as_json(request: HttpRequest) -> HttpResponseBase:
    """The same with all that was measured."""
    found = [_whole(job) for job in rows.results(_code(request))]
    content = {"unit": "seconds for 10,000 images", "kind": "browser", "times": found}
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    answer.headers["Content-Disposition"] = 'attachment; filename="browsers.json"'
    return answer


def _code(request: HttpRequest) -> str:
    return request.GET.get("invitation", "")[:20]


def _rows(code: str) -> Iterator[Sequence[Any]]:
    yield [*HEAD, *FIGURES]
    for job in rows.results(code):
        yield [*_about(job).values(), *(_figures(job)[name] for name in FIGURES)]


def _about(job: Benchmark) -> dict[str, Any]:
    device = job.wanted_device
    sheet = BrowserSheet.from_dict(device.sheet if device else {})
    values = (str(device), "browser", *sheet.as_dict().values(), str(job.model), job.precision, job.backend)
    return dict(zip(HEAD, (*values, job.batch_size), strict=True))


def _figures(job: Benchmark) -> dict[str, Any]:
    results: dict[str, Any] = job.results or {}
    return {
        "seconds_for_10000": results["seconds_for_10000"],
        "spread": results["spread"],
        "accuracy": results["accuracy"]["share"],
        "clock_seconds": results["environment"]["clock_seconds"],
        "at": job.finished_at,
    }


def _whole(job: Benchmark) -> dict[str, Any]:
    return {**_about(job), "model_sha256": job.model.file_sha256, "at": job.finished_at, "results": job.results}
