"""Public pages of devices: the thesis's tables with ours, a device, a benchmark."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_htmx.http import HTMX_STOP_POLLING

from recognizer import csv_files, plotting
from training.devices.models import Benchmark, Device, DeviceKind
from training.devices.web import charts, history, remarks, tables
from training.devices.web.browsers import rows as browser_rows
from training.devices.web.browsers import sheets as browser_sheets
from training.devices.web.entered import chips
from training.jobs.models import State

RECENT = 20
SHOWN_DEVICES = 10
"""Of ours, on the page of all; more columns nobody reads. The files have every one."""


def _recent_devices() -> list[Device]:
    """The devices that were seen last, by name."""
    last = tables.computers().order_by("-seen_at", "-pk")[:SHOWN_DEVICES]
    return sorted(last, key=lambda device: (device.name, device.pk))


def _lines(device: Device | None) -> list[tables.Line]:
    """Of one device, or the thesis's and those of the devices that were seen last."""
    return tables.lines(tables.newest([device] if device else _recent_devices()), with_thesis=device is None)


def _times(device: Device | None) -> dict[str, Any]:
    """Tables 5 and 6 and their chart."""
    lines = _lines(device)
    return {
        "fp32_lines": [line for line in lines if line.precision == "fp32"],
        "fp16_lines": [line for line in lines if line.precision != "fp32"],
        "charts": {"charts": {"times": charts.page_chart(lines, of_one_device=device is not None)}},
    }


def _unfinished() -> Any:
    return Benchmark.objects.filter(state__in=[State.QUEUED, State.RUNNING]).select_related("model", "wanted_device")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Tables 4, 5 and 6."""
    devices = _recent_devices()
    columns = tables.columns(devices)
    context = {
        "section": "devices",
        "devices": devices,
        "others": tables.computers().count() - len(devices),
        "columns": columns,
        "groups": tables.sheet_rows([column.sheet for column in columns]),
        "unfinished": _unfinished().filter(invitation=None)[:RECENT],
        "browsers": Device.objects.filter(kind=DeviceKind.BROWSER).count(),
        "chips": chips.rows(),
        **_times(None),
    }
    return render(request, "devices/index.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One device: its sheet, its times, its benchmarks."""
    device = get_object_or_404(Device, pk=pk)
    is_browser = device.kind == DeviceKind.BROWSER
    context = {
        "section": "devices",
        "device": device,
        "groups": browser_sheets.groups(device) if is_browser else tables.sheet_rows([device.rows]),
        "history": history.of(device),
        "waiting": _unfinished().filter(wanted_device=device)[:RECENT],
        "browser": browser_rows.of_device(device) if is_browser else None,
        **_times(device),
    }
    return render(request, "devices/detail.html", context)


@require_safe
def benchmark(request: HttpRequest, pk: int) -> HttpResponse:
    """One benchmark; its live part alone for htmx, with status 286, which stops the polling, once it has ended."""
    job = get_object_or_404(Benchmark.objects.select_related("model", "device", "wanted_device", "dataset"), pk=pk)
    context = {
        "section": "devices",
        "job": job,
        "batch": tables.batch_words(job.batch_size),
        "remarks": remarks.remarks(job),
        "energy": remarks.energy_words(job),
        "readings": list(job.meter_readings.select_related("created_by")),
    }
    if request.headers.get("HX-Request"):
        status = HTMX_STOP_POLLING if job.is_finished else 200
        return render(request, "devices/benchmark_live.html", context, status=status)
    return render(request, "devices/benchmark.html", context)


@require_safe
def times_file(request: HttpRequest, file_format: str, pk: int | None = None) -> HttpResponseBase:
    """The chart of times as SVG or PNG, or its figures as CSV: of all devices, or of one."""
    device = None if pk is None else get_object_or_404(Device, pk=pk)
    name = f"device-times.{file_format}"
    if device is None and file_format == "csv":
        return csv_files.response(charts.table(tables.lines(tables.newest())), name, request.GET)
    lines = _lines(device)
    if not lines:
        raise Http404
    if file_format == "csv":
        return csv_files.response(charts.table(lines), name, request.GET)
    content = charts.draw(lines, file_format, of_one_device=device is not None)
    response = HttpResponse(content, content_type=plotting.FORMATS[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
