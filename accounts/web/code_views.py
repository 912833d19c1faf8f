"""Join codes, for who may make them: a new one, the list with who joined, closing."""

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import joining
from accounts.models import JoinCode
from accounts.rights import needs
from accounts.web.forms import CodeForm

SHOWN = 20
ACTIONS = {"close": joining.close, "end": joining.end}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs("accounts.add_joincode")
def join_codes(request: HttpRequest) -> HttpResponse:
    """Make one; the last ones, with who joined."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = joining.make_code(**form.cleaned_data, by=request.user)
        messages.success(request, _("The code is %(code)s.") % {"code": made})
        return redirect("account:codes")
    rows = list(JoinCode.objects.prefetch_related("members")[:SHOWN])
    shown = [(row, address := request.build_absolute_uri(row.get_absolute_url()), _picture(address)) for row in rows]
    context = {"section": "account", "form": form, "codes": shown}
    return render(request, "account/codes.html", context, status=422 if form.is_bound else 200)


def _picture(address: str) -> str:
    return str(segno.make_qr(address).svg_data_uri(scale=4, border=2, light="#fff"))


@require_POST
@needs("accounts.add_joincode")
def close(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """Let nobody in any more; with `end` who has joined is no longer a trainer, too."""
    found = joining.find(code)
    if found is None or action not in ACTIONS:
        raise Http404
    ACTIONS[action](found)
    messages.success(request, _("The code %(code)s is closed.") % {"code": found})
    return redirect("account:codes")
