"""Invitations: an address under which browsers become devices, for a time and up to a number, with no account.

A browser is a device as any other: it gets a token, asks for its jobs, and hands in each once. What it has to measure
follows from the invitation: a model in 32 bits and its twin in whole numbers, in JavaScript and in WebAssembly.
"""

import hashlib
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import codes
from recognizer.core.precision import INTEGER_BITS
from recognizer.messages import gettext as _
from recognizer.models import StoredModel
from training.devices import services
from training.devices.fleet import bundles
from training.devices.fleet.refusals import AgentRefusedError
from training.devices.measurement import JAVASCRIPT, WASM
from training.devices.models import Benchmark, Device, DeviceKind, Invitation, Precision
from training.devices.services import CompressionError
from training.devices.sheet import BrowserSheet
from training.jobs import lifecycle
from training.jobs.models import FINISHED

BATCH = 1_000
"""Images at once: a browser's clock is coarse, and a batch is long."""
MOST_ROUNDS = 3
"""How often one browser may measure all of an invitation."""
LEFT_AFTER = timedelta(days=1)
"""After an invitation's end a browser may still hand in what it has."""

Wanted = tuple[StoredModel, str, str]
"""A model, a precision, a backend."""


def invite(model: StoredModel, *, minutes: int, most: int, by: Any) -> Invitation:
    """Open an address for browsers; what they need is made before the first one asks."""
    end = timezone.now() + timedelta(minutes=minutes)
    with transaction.atomic():
        made = Invitation.objects.create(code=codes.new_code(), model=model, most=most, created_by=by, expires_at=end)
        for each, precision in _forms(model):
            bundles.bundle_of(each, precision, by=by)
        if _twin(model) is None and model.precision not in INTEGER_BITS:
            _make_twin(model, by)
    return made


def find(code: str) -> Invitation | None:
    """The invitation of a code as people type it: small letters, and without the hyphen."""
    return Invitation.objects.select_related("model").filter(code=codes.as_written(code)).first()


def enter(code: str, *, key: str, sheet: BrowserSheet, version: int) -> tuple[Device, str]:
    """Let a browser in: its row, and its token, which is shown this once. One that comes back is the same device.

    Raises:
        AgentRefusedError: nobody is invited under this code, not any more, or as many as may have come.

    """
    with transaction.atomic():
        found = find(code)
        if found is None:
            raise AgentRefusedError(403, _("There is no such code here. Was all of it copied?"))
        invitation = Invitation.objects.select_for_update().get(pk=found.pk)
        device, token = _guest(invitation, key), codes.new_token()
        device.token_sha256, device.token_at, device.revoked_at = codes.digest(token), timezone.now(), None
        device.sheet, device.agent_version, device.seen_at = sheet.as_dict(), version, timezone.now()
        device.save()
        if not device.name:
            device.name = f"{sheet.name} · {device.pk}"  # no text of a stranger's: it is read by a whole class
            device.save(update_fields=["name"])
        _begin_round(invitation, device)
    return device, token


def fill(device: Device) -> None:
    """Queue what a browser's invitation asks for and it was not asked for yet: a twin that has come meanwhile."""
    invitation = _open_to(device)
    if invitation is not None:
        asked = set(_asked(invitation, device).values_list("model_id", "precision", "backend"))
        _enqueue(invitation, device, [each for each in _wanted(invitation, device) if _key(each) not in asked])


def awaits_twin(device: Device) -> bool:
    """Whether the model of a browser's invitation is just being stored in whole numbers."""
    invitation = _open_to(device)
    if invitation is None or _twin(invitation.model) is not None:
        return False
    return _makes_twin(invitation.model)


def close(invitation: Invitation) -> None:
    """Let nobody in any more; who measures may finish."""
    Invitation.objects.filter(pk=invitation.pk, closed_at=None).update(closed_at=timezone.now())


def clear() -> None:
    """Give up what the browsers of invitations that are long over have left undone, and their tokens."""
    now = timezone.now()
    for invitation in Invitation.objects.filter(cleared_at=None, expires_at__lt=now - LEFT_AFTER):
        for job in invitation.benchmarks.exclude(state__in=FINISHED):
            lifecycle.request_cancel(job, _("The browser has not come back."))
        Invitation.objects.filter(pk=invitation.pk).update(cleared_at=now)
        invited = Benchmark.objects.filter(invitation__in=Invitation.objects.filter(cleared_at=None))
        gone = Device.objects.filter(pk__in=invitation.benchmarks.values("wanted_device"), revoked_at=None)
        gone.exclude(pk__in=invited.values("wanted_device")).update(revoked_at=now)


def guests(invitation: Invitation) -> int:
    """How many browsers have come."""
    return invitation.benchmarks.values("wanted_device").distinct().count()


def _open_to(device: Device) -> Invitation | None:
    """The invitation by which a browser came last, while it is open."""
    asked = Benchmark.objects.filter(wanted_device=device, invitation__isnull=False).order_by("-pk")
    last = asked.select_related("invitation__model").first()
    return last.invitation if last is not None and last.invitation is not None and last.invitation.is_open else None


def _guest(invitation: Invitation, key: str) -> Device:
    """The browser's row, a new one that has no name yet where it has not been here before.

    Raises:
        AgentRefusedError: the invitation is over, or full.

    """
    hashed = hashlib.sha256(f"browser {key}".encode()).hexdigest()[:32]
    known = Device.objects.filter(key=hashed).first()
    if known is not None and _asked(invitation, known).exists():
        return known
    if not invitation.is_open:
        raise AgentRefusedError(403, _("This invitation is over. Ask for another one."))
    if guests(invitation) >= invitation.most:
        words = _("No place is left: %(most)d devices have come already.")
        raise AgentRefusedError(403, words % {"most": invitation.most})
    return known or Device(kind=DeviceKind.BROWSER, key=hashed)


def _begin_round(invitation: Invitation, device: Device) -> None:
    """Queue everything once, unless something is still to do or it was done often enough."""
    asked = _asked(invitation, device)
    if not invitation.is_open or asked.exclude(state__in=FINISHED).exists():
        return
    wanted = _wanted(invitation, device)
    rounds = asked.filter(model=wanted[0][0], precision=wanted[0][1], backend=wanted[0][2]).count()
    if rounds < MOST_ROUNDS:
        _enqueue(invitation, device, wanted)


def _enqueue(invitation: Invitation, device: Device, wanted: list[Wanted]) -> None:
    for model, precision, backend in wanted:
        job = services.new_benchmark(
            model, precision=precision, wanted_device=device, backend=backend, batch_size=BATCH
        )
        job.invitation = invitation
        lifecycle.enqueue(job, by=invitation.created_by)


def _asked(invitation: Invitation, device: Device) -> Any:
    return Benchmark.objects.filter(invitation=invitation, wanted_device=device)


def _wanted(invitation: Invitation, device: Device) -> list[Wanted]:
    """What a browser is to measure."""
    has_simd = BrowserSheet.from_dict(device.sheet).simd
    backends = (JAVASCRIPT, WASM) if has_simd else (JAVASCRIPT,)
    return [(*form, backend) for form in _forms(invitation.model) for backend in backends]


def _key(wanted: Wanted) -> tuple[int, str, str]:
    model, precision, backend = wanted
    return model.pk, precision, backend


def _forms(model: StoredModel) -> list[tuple[StoredModel, str]]:
    """The model in 32 bits, and in whole numbers where there is such a one."""
    if model.precision in INTEGER_BITS:
        return [(model, model.precision)]
    twin = _twin(model)
    floats = (model, str(Precision.FP32))
    return [floats] if twin is None else [floats, (twin, twin.precision)]


def _twin(model: StoredModel) -> StoredModel | None:
    """The same network in whole numbers of 8 bits."""
    return model.children.filter(precision=Precision.INT8, sizes=model.sizes).order_by("-pk").first()


def _make_twin(model: StoredModel, by: Any) -> None:
    try:
        compression = services.new_compression(model, str(Precision.INT8))
    except CompressionError:  # it was made before, and deleted since or is being made now
        return
    if not _makes_twin(model):
        lifecycle.enqueue(compression, by=by)


def _makes_twin(model: StoredModel) -> bool:
    return model.compressions.exclude(state__in=FINISHED).filter(precision=Precision.INT8, neurons=0).exists()
