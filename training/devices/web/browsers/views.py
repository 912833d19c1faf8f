"""Pages of browsers: one for all, one for each invitation."""

from typing import Any

import segno
from csp.constants import SELF, WASM_UNSAFE_EVAL
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HTMX_STOP_POLLING

from accounts.rights import needs
from training.devices.fleet import invitations
from training.devices.models import Invitation
from training.devices.web import fleet_views
from training.devices.web.browsers import rows
from training.devices.web.browsers.forms import InvitationForm, default_model

AT_ONCE = "#measure"
"""What the page's script takes for a tap (static/js/device.js)."""
OWN_MINUTES = 30


@require_safe
@never_cache
def this(request: HttpRequest) -> HttpResponse:
    """Browsers as devices: a code to type in, what an administrator may do, and the board of all."""
    code = request.GET.get("code", "")
    found = invitations.find(code[:50]) if code else None
    if found is not None:
        return redirect(found)
    context = {
        "section": "devices",
        "code": code,
        "form": InvitationForm(),
        "open": [each for each in Invitation.objects.filter(closed_at=None)[:10] if each.is_open],
        "table": rows.of_all(),
    }
    return render(request, "devices/this.html", context, status=404 if code else 200)


@require_POST
@needs("devices.add_device")
def invite(request: HttpRequest) -> HttpResponse:
    """Open an address for a class."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        context = {"section": "devices", "form": form, "table": rows.of_all()}
        return render(request, "devices/this.html", context, status=422)
    return redirect(invitations.invite(**form.cleaned_data, by=request.user))


@require_POST
@needs("devices.add_device")
def measure(request: HttpRequest) -> HttpResponse:
    """Make the administrator's own browser a device: an invitation for one, taken at once."""
    model = default_model()
    if model is None:
        raise Http404
    made = invitations.invite(model, minutes=OWN_MINUTES, most=1, by=request.user)
    return redirect(f"{made.get_absolute_url()}{AT_ONCE}")


@require_safe
@never_cache
@csp_update({"script-src": [SELF, WASM_UNSAFE_EVAL]})  # type: ignore[arg-type]  # for workers that have the page's policy
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Measure here, and the board of an invitation; its live part alone for htmx, with status 286 at its end."""
    found = invitations.find(code[:50])
    if found is None:
        raise Http404
    context = _live(found)
    if request.headers.get("HX-Request"):
        status = 200 if context["is_live"] else HTMX_STOP_POLLING
        return render(request, "devices/invitation_live.html", context, status=status)
    address = request.build_absolute_uri(found.get_absolute_url())
    context |= {"section": "devices", "address": address, "picture": _picture(address), "texts": _texts()}
    context["api"] = reverse("agent:join").removesuffix("join")
    context["is_local"] = request.get_host().partition(":")[0] in fleet_views.LOCAL
    return render(request, "devices/invitation.html", context)


@require_POST
@needs("devices.add_device")
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Let nobody in any more."""
    found = invitations.find(code[:50])
    if found is None:
        raise Http404
    invitations.close(found)
    return redirect(found)


def _live(invitation: Invitation) -> dict[str, Any]:
    table = rows.of(invitation)
    is_live = invitation.is_open or (invitation.cleared_at is None and any(row.left for row in table.rows))
    came = len({row.device.pk for row in table.rows})
    return {"invitation": invitation, "table": table, "came": came, "is_live": is_live}


def _picture(address: str) -> str:
    made = segno.make(address, micro=False)
    return str(made.svg_data_uri(scale=6, border=4, dark="#000", light="#fff"))


def _texts() -> dict[str, str]:
    """What the script says."""
    return {
        "entering": _("Connecting to the server…"),
        "preparing": _("The server is preparing the pictures…"),
        **rows.WORDS,
        "start": _("Measure this device"),
        "again": _("Measure again"),
        "ready": _("Ready: the times are in the table."),
        "nothing": _("There is nothing more to measure here."),
        "failed": _("Not everything could be measured in this browser; what could is in the table."),
        "broken": _("Something failed here. Reload the page and tap once more; what was measured is kept."),
    }
