"""Joining by a code: a name, a password, no address of mail."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import joining
from accounts.joining import JoinRefusedError
from accounts.models import JoinCode
from accounts.web.forms import JoinForm
from recognizer.web.limits import AddressThrottle, TooManyRequestsError, check

BACKEND = "django.contrib.auth.backends.ModelBackend"
SECTION = {"section": "account"}


@require_safe
@never_cache
def join_page(request: HttpRequest) -> HttpResponse:
    """Where a code is typed."""
    typed = request.GET.get("code", "")
    return join_by(request, typed) if typed else render(request, "account/join.html", SECTION)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join_by(request: HttpRequest, code: str) -> HttpResponse:
    """Choose a name and a password. Every try of an unknown code counts, and every form that is sent."""
    found = joining.find(code)
    if found is None or request.method == "POST":
        try:
            check(request, [AddressThrottle("joins", settings.PROPIS_LIMITS["join_rate"])])
        except TooManyRequestsError as error:
            return _refused(request, str(error), 429)
    if found is None:
        return _refused(request, _("There is no such code here. Was all of it copied?"), 404)
    if request.method == "GET" and request.path != found.get_absolute_url():
        return redirect(found)
    try:
        joining.check_open(found)
        return _join(request, found)
    except JoinRefusedError as error:
        return _refused(request, str(error), 403)


def _join(request: HttpRequest, code: JoinCode) -> HttpResponse:
    if request.user.is_authenticated:
        words = _("You are signed in as %(name)s: sign out first, if somebody else is to join here.")
        return _refused(request, words % {"name": request.user.get_username()}, 409)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = joining.join(code, form.save(commit=False))
        login(request, user, backend=BACKEND)
        messages.success(request, _("Welcome, %(name)s.") % {"name": user.get_username()})
        return redirect("overview")
    context = SECTION | {"code": code, "form": form}
    return render(request, "account/join_code.html", context, status=422 if form.is_bound else 200)


def _refused(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return render(request, "account/join.html", SECTION | {"refusal": words}, status=status)
