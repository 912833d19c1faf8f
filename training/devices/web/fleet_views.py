"""Devices that measure by themselves: how one is added, its code, and what it downloads first."""

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import needs
from training.devices.fleet import tokens
from training.devices.models import Device
from training.devices.web.agent_file import agent_file, agent_sha256

LOCAL = ("localhost", "127.0.0.1", "[::1]")
"""Addresses at which a machine reaches nobody but itself."""


@require_POST
@needs("devices.add_device")
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Make a code for a new device, and show it this once."""
    return _shown(request, tokens.new_code(by=request.user), None)


@require_POST
@needs("devices.change_device")
@never_cache
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a code for a device that is there: its token is lost, or was revoked."""
    device = get_object_or_404(Device, pk=pk)
    return _shown(request, tokens.new_code(by=request.user, device=device), device)


@require_POST
@needs("devices.change_device")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a device's token from now on."""
    device = get_object_or_404(Device, pk=pk)
    tokens.revoke(device)
    messages.success(request, _("“%(device)s” is no longer let in. Its results stay.") % {"device": device})
    return redirect(device)


@require_safe
def agent_archive(request: HttpRequest) -> HttpResponse:
    """The agent, one file."""
    headers = {"Content-Disposition": 'attachment; filename="agent.pyz"'}
    return HttpResponse(agent_file(), content_type="application/octet-stream", headers=headers)


@require_safe
def agent_script(request: HttpRequest) -> HttpResponse:
    """What the pasted line runs: it fetches the agent, sees that there is numpy, joins and begins."""
    context = {"site": _site(request), "sha256": agent_sha256()}
    return render(request, "devices/agent.sh", context, content_type="text/plain; charset=utf-8")


def _shown(request: HttpRequest, code: str, device: Device | None) -> HttpResponse:
    line = f"curl -fsS {_site(request)}/devices/agent.sh | sh -s -- {code}"
    picture = segno.make(line, micro=False).svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
    context = {
        "section": "devices",
        "device": device,
        "code": code,
        "line": line,
        "picture": picture,
        "is_local": request.get_host().partition(":")[0] in LOCAL,
    }
    return render(request, "devices/code.html", context)


def _site(request: HttpRequest) -> str:
    """The address under which the visitor sees the site; its host is one of those that are admitted."""
    return request.build_absolute_uri("/").rstrip("/")
