"""The teaching page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from recognizer.core.alphabet import RUSSIAN
from recognizer.pictures import PictureError
from training.study.learning import pictures as data_set_pictures
from training.study.learning.equations import STEPS
from training.study.learning.scenes import SCENES
from training.study.web.learn_texts import texts

YEAR = 31_536_000
"""Seconds."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The page; whatever is in its address is read in the browser."""
    context = {"section": "learn", "texts": texts(), "scenes": SCENES, "steps": STEPS, "letters": RUSSIAN}
    return render(request, "study/learn.html", context | {"dataset": data_set_pictures.data_set_in_service()})


@require_safe
@gzip_page
def pictures(_request: HttpRequest, sha256: str) -> HttpResponse:
    """Some letters of the data set in service, whose content has this hash: they never change."""
    dataset = data_set_pictures.data_set_in_service()
    if dataset is None or dataset.content_sha256 != sha256:
        raise Http404(_("The model in service did not learn from such a data set."))
    try:
        response = HttpResponse(data_set_pictures.content(dataset), content_type="application/octet-stream")
    except (FileNotFoundError, PictureError):
        raise Http404(_("The pictures of this data set are missing.")) from None
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response
