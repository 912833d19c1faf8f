"""How a machine becomes a device: a single-use code is exchanged for its own token. Both are stored as hashes alone.

They have so many random bits that a fast hash keeps them.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import codes
from recognizer.messages import gettext as _
from training.devices import services
from training.devices.fleet.refusals import AgentRefusedError
from training.devices.models import Device, DeviceCode
from training.devices.sheet import DeviceSheet

CODE_HOURS = 1
GROUPS, OF_A_GROUP = 4, 5
"""Of a code: 20 letters, 98 random bits."""


def new_code(*, by: Any, device: Device | None = None) -> str:
    """Make a code that is valid once, for an hour; of the device, if one is named, no older one holds any more."""
    code = codes.new_code(GROUPS, OF_A_GROUP)
    now = timezone.now()
    with transaction.atomic():
        if device is not None:
            device.codes.filter(used_at=None, revoked_at=None).update(revoked_at=now)
        DeviceCode.objects.create(
            code_sha256=codes.digest(code), device=device, created_by=by, expires_at=now + timedelta(hours=CODE_HOURS)
        )
    return code


def join(code: str, *, key: str, name: str, read: DeviceSheet, version: int) -> tuple[Device, str]:
    """Exchange a code for a token: the device's row, and the token, which is shown this once.

    Raises:
        AgentRefusedError: the code is unknown, used, revoked or expired, or the machine is a device already.

    """
    with transaction.atomic():
        wanted = _used_now(code)
        device = _device_for(wanted, key, name, read)
        token = codes.new_token()
        device.token_sha256, device.token_at, device.revoked_at = codes.digest(token), timezone.now(), None
        device.agent_version, device.seen_at = version, timezone.now()
        device.save()
        if wanted.device is None:
            services.queue_first_benchmarks(device, by=wanted.created_by)
    return device, token


def device_of(token: str) -> Device:
    """The device that has this token.

    Raises:
        AgentRefusedError: no device has, or it was revoked.

    """
    device = Device.objects.filter(token_sha256=codes.digest(token)).first() if token else None
    if device is None:
        raise AgentRefusedError(401, _("This token is not known here. Make a new code on the page of the device."))
    if device.revoked_at is not None:
        raise AgentRefusedError(401, _("The token of this device was revoked. Its page makes a new code."))
    return device


def revoke(device: Device) -> None:
    """Refuse the device's token from now on, and its codes that nobody has used; what it holds is given up."""
    now = timezone.now()
    with transaction.atomic():
        Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=now)
        device.codes.filter(used_at=None, revoked_at=None).update(revoked_at=now)


def _used_now(code: str) -> DeviceCode:
    """The code's row, used by this call: of two at once only one gets it."""
    row = DeviceCode.objects.select_related("device").filter(code_sha256=codes.digest(code.strip().upper())).first()
    if row is None:
        raise AgentRefusedError(403, _("This code is not known here. Was all of it copied?"))
    now = timezone.now()
    valid = DeviceCode.objects.filter(pk=row.pk, used_at=None, revoked_at=None, expires_at__gt=now)
    if not valid.update(used_at=now):
        row.refresh_from_db()
        raise AgentRefusedError(403, _why_not(row))
    return row


def _why_not(code: DeviceCode) -> str:
    if code.revoked_at is not None:
        return _("This code was revoked. Make a new one on the page of devices.")
    if code.used_at is not None:
        return _("This code was used before: each is for one device. Make a new one on the page of devices.")
    return _("This code has expired: it is valid for an hour. Make a new one on the page of devices.")


def _device_for(code: DeviceCode, key: str, name: str, read: DeviceSheet) -> Device:
    """The row that a code makes of a machine: the code's own device, or the machine's, if no agent has it yet."""
    known = Device.objects.filter(key=key).first()
    if code.device is not None:
        if known is not None and known != code.device:
            raise AgentRefusedError(403, _("This machine is another device already: “%(name)s”.") % {"name": known})
        code.device.key = key
        return services.with_sheet(code.device, read)
    if known is not None and known.has_agent:
        raise AgentRefusedError(
            403,
            _("This machine is a device already: “%(name)s”. Make a code on its own page.") % {"name": known},
        )
    return services.with_sheet(known or Device(key=key, name=name[:100], sheet={}), read)
