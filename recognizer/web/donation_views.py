"""The page on which donated drawings are deleted; it needs neither JavaScript nor cookies."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from recognizer.donations import services
from recognizer.web import limits
from recognizer.web.errors import REFUSALS, status_of


# Without the code nobody can forge this form, and a token would need a cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def delete_drawings(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and delete."""
    context: dict[str, Any] = {"section": "draw", "deleted": None, "versions": [], "error": "", "code": ""}
    status = 200
    if request.method == "POST":
        context["code"] = request.POST.get("code", "")[:40]
        try:
            limits.check(request, limits.DELETION_RATE)
            context["deleted"], context["versions"] = services.delete(str(context["code"]))
        except REFUSALS as error:
            status, context["error"] = status_of(error), str(error)
    return render(request, "recognizer/delete_drawings.html", context, status=status)
