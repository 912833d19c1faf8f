"""Donated drawings: the page that deletes them, which needs neither JavaScript nor cookies, and their review."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rights import needs
from recognizer.core.alphabet import RUSSIAN
from recognizer.donations import review, services
from recognizer.donations.services import DonationError
from recognizer.models import Drawing, Review
from recognizer.stroke_pictures import to_svg
from recognizer.web import limits
from recognizer.web.errors import REFUSALS, status_of
from recognizer.web.presentation import decision_shown

ON_A_PAGE = 60
UNDONE = "drawing-decisions"
"""Where a session keeps what its last decisions changed."""
MOST_UNDONE = 20
MOST_DIGITS = 19
"""Of a key; more is none."""


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


@require_safe
@needs("recognizer.change_drawing")
def review_drawings(request: HttpRequest) -> HttpResponse:
    """Donated drawings of one state, a page at a time; those that wait, unless the address says otherwise."""
    state = request.GET.get("state", "")
    state = state if state in Review.values else Review.PENDING.value
    page = Paginator(Drawing.objects.filter(state=state), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tiles": [_tile(drawing) for drawing in page],
        "state": state,
        "states": Review.choices,
        "query": f"state={state}&",
        "letters": RUSSIAN,
        "section": "datasets",
    }
    return render(request, "recognizer/review_drawings.html", context)


@require_POST
@needs("recognizer.change_drawing")
def decide_drawings(request: HttpRequest) -> HttpResponse:
    """Decide on drawings, or take the last decision back; answers with JSON where that is wanted.

    A drawing's button says all in one value (`relabel:17:Ж`); the buttons of the bar act on the ticked ones.
    """
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        keys = _decided(request)
    except DonationError as error:
        if wants_json:
            return JsonResponse({"error": str(error)}, status=400)
        messages.error(request, str(error))
        keys = []
    if not wants_json:
        back = redirect("recognizer:review_drawings")
        back["Location"] += f"?{request.GET.urlencode()}" if request.GET else ""
        return back
    drawings = Drawing.objects.filter(pk__in=keys)
    return JsonResponse(
        {"decisions": {drawing.pk: decision_shown(*review.decision_of(drawing)) for drawing in drawings}}
    )


def _tile(drawing: Drawing) -> dict[str, Any]:
    """One drawing on the page of the review."""
    return {
        "drawing": drawing,
        "svg": mark_safe(to_svg(drawing.strokes)),  # noqa: S308  (it writes nothing but numbers)
        "probability": drawing.best[0][1] if drawing.best else None,
        "decision": decision_shown(*review.decision_of(drawing)),
    }


def _decided(request: HttpRequest) -> list[int]:
    """Do what was asked for; return the keys of the drawings that it was done to."""
    action, _colon, rest = request.POST.get("do", "").partition(":")
    kept: list[review.Before] = request.session.get(UNDONE, [])
    if action == "undo":
        keys = review.restore(kept[-1]) if kept else []
        kept = kept[:-1]
    else:
        number, _colon, letter = rest.partition(":")
        texts = [number] if number else request.POST.getlist("picture")[:ON_A_PAGE]
        before = review.decide(_keys(texts), action, letter or request.POST.get("letter", ""))
        kept, keys = [*kept, before][-MOST_UNDONE:], [key for key, *_was in before]
    request.session[UNDONE] = kept
    return keys


def _keys(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < MOST_DIGITS]
