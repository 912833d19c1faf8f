"""The teaching page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from recognizer.core.alphabet import RUSSIAN
from training.study.learning.equations import STEPS
from training.study.learning.scenes import SCENES
from training.study.web.learn_texts import texts


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The page; whatever is in its address is read in the browser."""
    context = {"section": "learn", "texts": texts(), "scenes": SCENES, "steps": STEPS, "letters": RUSSIAN}
    return render(request, "study/learn.html", context)
