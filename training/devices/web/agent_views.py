"""What agents ask over HTTP: JSON in, JSON out, with the device's own token. `docs/devices.md` describes it."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, TypeVar

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel, Field, ValidationError

from recognizer import loading
from recognizer.web import limits
from recognizer.web.counters import Rate
from training.devices.fleet import bundles, invitations, tokens, work
from training.devices.fleet.browsers import PostedBrowserResult
from training.devices.fleet.refusals import AgentRefusedError
from training.devices.fleet.results import Posted, PostedResult, Word
from training.devices.models import Benchmark, Bundle, Device, DeviceKind
from training.devices.remote import VERSION
from training.devices.sheet import BrowserSheet, DeviceSheet
from training.jobs.models import State

OLDEST_VERSION = 1
"""The oldest agent that is understood here."""
MOST_BYTES = 256 * 1024
"""Of what an agent sends."""
JOIN_RATE = [limits.AddressThrottle("codes of devices", settings.PROPIS_LIMITS["device_join_rate"])]
DEVICE_RATE = Rate(settings.PROPIS_LIMITS["device_rate"], 60.0)
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Sent = TypeVar("Sent", bound=BaseModel)
View = Callable[..., HttpResponseBase]


class Joining(Posted):
    """A machine that becomes a device."""

    code: Word
    key: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    sheet: dict[str, Any]


class Entering(Posted):
    """A browser that becomes a device."""

    code: Word
    key: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    sheet: dict[str, Any]


class Beat(Posted):
    """A sign of life."""

    attempt: int
    progress: Fraction


class Ending(Posted):
    """A job that has no result."""

    attempt: int
    outcome: Annotated[str, Field(pattern="^(failed|stopped)$")]
    why: Annotated[str, Field(max_length=2_000)]


class Delivered(Posted):
    """A result with an id of its own."""

    id: Annotated[str, Field(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    attempt: int


class Delivery(Delivered):
    """What an agent hands in."""

    result: PostedResult


class BrowserDelivery(Delivered):
    """What a browser hands in."""

    result: PostedBrowserResult


def answered(view: View) -> View:
    """Answer refusals as JSON with their status; a site's own form cannot send to these addresses."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            _check_version(request)
            return view(request, *args, **kwargs)
        except AgentRefusedError as refusal:
            headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else None
            return JsonResponse({"error": str(refusal)}, status=refusal.status, headers=headers)
        except limits.TooManyRequestsError as refusal:
            return JsonResponse({"error": str(refusal)}, status=429, headers={"Retry-After": "5"})

    return guarded


@require_POST
@answered
def join(request: HttpRequest) -> HttpResponseBase:
    """Exchange a code for the device's token."""
    limits.check(request, JOIN_RATE)
    body = _body(request, Joining)
    try:
        read = DeviceSheet.checked(body.sheet)
    except ValueError as error:
        raise AgentRefusedError(422, str(error)) from error
    device, token = tokens.join(body.code, key=body.key, name=body.name, read=read, version=_version(request))
    url = request.build_absolute_uri(device.get_absolute_url())
    return JsonResponse({"token": token, "name": device.name, "url": url}, status=201)


@require_POST
@answered
def enter(request: HttpRequest) -> HttpResponseBase:
    """Let a browser in that is invited, and give it its token."""
    limits.check(request, JOIN_RATE)
    body = _body(request, Entering)
    try:
        sheet = BrowserSheet.checked(body.sheet)
    except ValueError as error:
        raise AgentRefusedError(422, str(error)) from error
    device, token = invitations.enter(body.code, key=body.key, sheet=sheet, version=_version(request))
    url = request.build_absolute_uri(device.get_absolute_url())
    return JsonResponse({"token": token, "name": device.name, "url": url}, status=201)


@require_POST
@answered
def next_job(request: HttpRequest) -> HttpResponseBase:
    """The device's next job, or whether one waits that is not ready."""
    device = _device(request)
    if device.kind == DeviceKind.BROWSER:
        invitations.fill(device)
    order = work.next_order(device)
    if order is None:
        is_awaited = device.kind == DeviceKind.BROWSER and invitations.awaits_twin(device)
        return JsonResponse({"job": None, "waiting": is_awaited or work.has_waiting(device)})
    return JsonResponse({"job": _job(order.benchmark, order.bundle, device), "waiting": True})


@require_POST
@answered
def beat(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Note that the agent is at work; say whether it is to go on."""
    device, body = _device(request), _body(request, Beat)
    return JsonResponse({"go_on": work.beat(device, pk, body.attempt, body.progress)})


@require_POST
@answered
def end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End a job that has no result."""
    device, body = _device(request), _body(request, Ending)
    if body.outcome == "failed":
        why = _("The browser could not measure it.") if device.kind == DeviceKind.BROWSER else body.why
        work.fail(device, pk, body.attempt, why)
    else:
        work.stop(device, pk, body.attempt)
    return JsonResponse({"ended": True})


@require_POST
@answered
def result(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a result, once."""
    device = _device(request)
    body: Delivery | BrowserDelivery
    body = _body(request, BrowserDelivery) if device.kind == DeviceKind.BROWSER else _body(request, Delivery)
    benchmark = work.accept(device, pk, body.attempt, uuid.UUID(body.id), body.result)
    words = benchmark.invalid or _("The result is accepted.")
    return JsonResponse({"words": words, "valid": not benchmark.invalid, "url": benchmark.get_absolute_url()})


@gzip_page
@require_safe
@answered
def file(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A model's file, or the images of a bundle, by SHA-256: of a job that is meant for this device."""
    device = _device(request)
    mine = Benchmark.objects.filter(wanted_device=device)
    if benchmark := mine.filter(model__file_sha256=sha256).select_related("model").first():
        path = loading.file_of(benchmark.model)
    elif bundle := Bundle.objects.filter(inputs_sha256=sha256, benchmarks__in=mine, state=State.SUCCEEDED).first():
        path = bundles.file_of(bundle)
    else:
        raise AgentRefusedError(404, _("No job of this device has a file of this SHA-256."))
    try:
        return FileResponse(path.open("rb"), content_type="application/octet-stream")
    except OSError:
        raise AgentRefusedError(404, _("This file is gone from the server.")) from None


def _job(benchmark: Benchmark, bundle: Bundle, device: Device) -> dict[str, Any]:
    workload = benchmark.workload
    names = ("precision", "backend", "images", "batch_size", "repeats", "sustained_seconds")
    return {
        "id": benchmark.pk,
        "attempt": benchmark.attempt,
        "workload": {name: getattr(workload, name) for name in names},
        "model": {"name": benchmark.model.name, "sha256": benchmark.model.file_sha256},
        "inputs": {"sha256": bundle.inputs_sha256, "bytes": bundle.inputs_bytes},
        "measure_disk": device.kind == DeviceKind.COMPUTER and device.rows.disk_write_mb_s is None,
        "heartbeat_seconds": settings.JOB_HEARTBEAT_SECONDS,
        "url": reverse("devices:benchmark", args=[benchmark.pk]),
    }


def _device(request: HttpRequest) -> Device:
    """Who asks, by the token in the header; each device has a rate of its own, who has none that of codes."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    try:
        device = tokens.device_of(token.strip() if kind.lower() == "bearer" else "")
    except AgentRefusedError:
        limits.check(request, JOIN_RATE)
        raise
    counters = limits.shared_counters()
    if counters is not None and not counters.allow(f"device {device.pk}", DEVICE_RATE):
        raise limits.TooManyRequestsError(_("This device asks too often. Wait a little."))
    work.note_seen(device, _version(request))
    return device


def _version(request: HttpRequest) -> int:
    text = request.headers.get("X-Propis-Agent", "")
    return int(text) if text.isdigit() and len(text) < 6 else 0


def _check_version(request: HttpRequest) -> None:
    """See that the agent's protocol is understood here."""
    found = _version(request)
    if found < OLDEST_VERSION:
        raise AgentRefusedError(
            426,
            _(
                "This agent is too old (version %(found)d; version %(needed)d is needed): "
                "download /devices/agent.pyz again."
            )
            % {"found": found, "needed": VERSION},
        )


def _body(request: HttpRequest, kind: type[Sent]) -> Sent:
    """The body of a request, of bounded size, as JSON of this kind.

    Raises:
        AgentRefusedError: too large, no JSON, or not what is asked for.

    """
    if request.content_type != "application/json":
        raise AgentRefusedError(415, _("Send the body as application/json."))
    data = request.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise AgentRefusedError(413, _("More than %(limit)d KB were sent.") % {"limit": MOST_BYTES // 1024})
    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        raise AgentRefusedError(422, _said(error)) from error


def _said(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return _("The request's body is not valid JSON.")
    where = ".".join(str(part) for part in first["loc"])
    return _("“%(place)s” is not valid: %(why)s") % {"place": where, "why": first["msg"]}
