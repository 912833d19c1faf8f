"""Pages of the second factor: the code after the password, and turning it on, off, and new recovery codes."""

import time
from base64 import b32encode
from typing import Any, cast

import segno
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import RedirectURLMixin
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django.views.generic import FormView

from accounts import second_factor, sign_ins
from accounts.models import User
from accounts.web.forms import CodeOfFactorForm, TurnOnForm
from accounts.web.join_views import BACKEND

SECTION = {"section": "account"}
WAITING = "password_was_right"
WAIT_SECONDS = 600
"""How long somebody whose password was right may look for his code."""


def ask_for_code(request: HttpRequest, user: Any) -> None:
    """Keep in mind whose password was right; he is signed in by nobody yet."""
    request.session[WAITING] = [user.pk, time.time(), user.get_session_auth_hash()]


def _waiting(request: HttpRequest) -> User | None:
    """Whose password was right lately and is still the same."""
    key, at, held_to = request.session.get(WAITING, (0, 0.0, ""))
    user = User.objects.filter(pk=key, is_active=True).first()
    fresh = time.time() - at < WAIT_SECONDS
    return user if user is not None and fresh and user.get_session_auth_hash() == held_to else None


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class CodeView(RedirectURLMixin, FormView):  # type: ignore[type-arg]  # no generic at run time
    """The code after the password: signed in is who has shown both."""

    template_name = "account/code.html"
    form_class = CodeOfFactorForm
    extra_context = SECTION
    next_page = "overview"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask who has typed his password; everybody else is led to where that is done."""
        self.user = _waiting(request)
        return super().dispatch(request, *args, **kwargs) if self.user else redirect("account:sign_in")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Check the code of whose password was right."""
        return super().get_form_kwargs() | {"request": self.request, "user": self.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Keep in mind where he wanted to go."""
        return super().get_context_data(**kwargs) | {"next": self.get_redirect_url()}

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in."""
        del self.request.session[WAITING]
        login(self.request, self.user, backend=BACKEND)
        self.request.session[second_factor.SHOWN] = True
        return redirect(self.get_success_url())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@sensitive_post_parameters()
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Turn it on; or, with a code, off, or make new recovery codes."""
    user = cast("User", request.user)
    return _change(request, user) if second_factor.is_on(user) else _turn_on(request, user)


def _turn_on(request: HttpRequest, user: User) -> HttpResponse:
    form = TurnOnForm(request, user, request.POST or None, initial={"key": second_factor.offer(user)})
    if request.method == "POST" and form.is_valid():
        return _turned_on(request, user, form.recovery_codes)
    try:
        device = second_factor.offered(user, str(form["key"].value()))
    except signing.BadSignature:
        messages.error(request, _("This page was open for too long: begin again."))
        return redirect("account:second_factor")
    key = b32encode(device.bin_key).decode().rstrip("=")
    shown = {
        "form": form,
        "key": " ".join(key[first : first + 4] for first in range(0, len(key), 4)),
        "picture": str(segno.make_qr(device.config_url).svg_data_uri(scale=4, border=2, light="#fff")),
        "is_demanded": second_factor.is_demanded_of(user),
    }
    return render(request, "account/second_factor_on.html", SECTION | shown, status=422 if form.is_bound else 200)


def _turned_on(request: HttpRequest, user: User, recovery_codes: list[str]) -> HttpResponse:
    sign_ins.end_others(request, user)  # whoever is signed in elsewhere has shown no code
    request.session[second_factor.SHOWN] = True
    return _codes(request, recovery_codes)


def _codes(request: HttpRequest, recovery_codes: list[str]) -> HttpResponse:
    return render(request, "account/recovery_codes.html", SECTION | {"codes": recovery_codes})


def _change(request: HttpRequest, user: User) -> HttpResponse:
    form = CodeOfFactorForm(request.POST or None, request=request, user=user)
    demanded = second_factor.is_demanded_of(user)
    if request.method == "POST" and form.is_valid():
        if "new_codes" in request.POST:
            return _codes(request, second_factor.new_codes(user))
        if not demanded:
            second_factor.turn_off(user)
            messages.success(request, _("The second factor is off."))
            return redirect(resolve_url("account:home"))
        form.add_error(None, _("This site demands it of you."))
    context = SECTION | {"form": form, "left": second_factor.codes_left(user), "is_demanded": demanded}
    return render(request, "account/second_factor.html", context, status=422 if form.is_bound else 200)
