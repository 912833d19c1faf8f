"""The page on which drawings that were given are deleted; it needs neither JavaScript nor cookies."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from recognizer import giving
from recognizer.giving import GivingError
from recognizer.giving_api import DELETE_RATE


# Nobody can forge this form who has not the code, and a token would need a cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def delete_drawings(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and delete."""
    context: dict[str, Any] = {"section": "draw", "deleted": None, "versions": [], "error": "", "code": ""}
    status = 200
    if request.method == "POST":
        context["code"] = request.POST.get("code", "")[:40]
        status, context["error"] = _refusal(request)
        if not context["error"]:
            try:
                context["deleted"], context["versions"] = giving.delete(str(context["code"]))
            except GivingError as error:
                status, context["error"] = 422, str(error)
    return render(request, "recognizer/delete_drawings.html", context, status=status)


def _refusal(request: HttpRequest) -> tuple[int, str]:
    if all(throttle.allow_request(request) for throttle in DELETE_RATE):
        return 200, ""
    return 429, _("Too many requests from your address. Wait a little.")
