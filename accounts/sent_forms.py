"""A form that is sent twice is done once: the second gets the first one's answer.

Every form carries Django's token against forgery, and every page masks it differently. So the token, with who
sends what to where, names one sending of one shown form: a second click or an impatient reload gives the same name,
the form of a page that is opened again another. Whatever is sent by people who have signed in passes here, so a form
that is added later needs nothing of its own.
"""

import hashlib
import json
import time
from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import SentForm

KEPT = timedelta(minutes=10)
"""How long a form is remembered: as long as somebody may still press the same button."""
WAIT_SECONDS, LOOK_SECONDS = 10.0, 0.1
"""How long a second one waits for the first one's answer, and between two looks."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class SentFormMiddleware:
    """Does each form of people who have signed in once. Where the answer leads nowhere, it may be sent again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the views."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Do it, or answer as the first time."""
        key = key_of(request)
        return self.get_response(request) if key is None else self._once(request, key)

    def _once(self, request: HttpRequest, key: str) -> HttpResponse:
        end = time.monotonic() + WAIT_SECONDS
        while not _claim(key):
            if location := _location(key):
                return _led_to(request, location)
            if time.monotonic() > end:
                reason = _("This form was already sent and is being processed: see the list before you send it again.")
                return render(request, "400.html", {"reason": reason}, status=409)
            time.sleep(LOOK_SECONDS)
        return self._first(request, key)

    def _first(self, request: HttpRequest, key: str) -> HttpResponse:
        mine = SentForm.objects.filter(key=key)
        try:
            response = self.get_response(request)
        except BaseException:
            mine.delete()
            raise
        if location := response.headers.get("Location") or response.headers.get("HX-Redirect"):
            mine.update(location=location)
        else:  # it was refused, or is shown again to be mended
            mine.delete()
        return response


def key_of(request: HttpRequest) -> str | None:
    """Name this sending of this form; None where it is not a form, or of a visitor, who can start nothing."""
    if request.method != "POST" or request.content_type not in FORMS or not request.user.is_authenticated:
        return None
    token = request.POST.get("csrfmiddlewaretoken")
    if not token:
        return None
    files = sorted((name, file.name, file.size) for name, sent in request.FILES.lists() for file in sent)
    what = [request.user.pk, request.get_full_path(), sorted(request.POST.lists()), files]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


def _claim(key: str) -> bool:
    """Whether this is the first sending; of two at once only one is. Old ones are deleted."""
    SentForm.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return SentForm.objects.get_or_create(key=key)[1]


def _location(key: str) -> str:
    """Where the first one's answer led; empty while it is worked on, or where it led nowhere."""
    return SentForm.objects.filter(key=key).values_list("location", flat=True).first() or ""


def _led_to(request: HttpRequest, location: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(location)
    return redirect(location)
