"""The code behind a box of Figures 8 and 9, or behind an equation: a file of the project with numbered lines."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from training.study.illustrations.code_places import shown_files
from training.study.learning.sources import FILES


@require_safe
def source(request: HttpRequest, path: str) -> HttpResponse:
    """Show a file to which a box or an equation leads; no other file is shown."""
    if path not in shown_files() and path not in FILES:
        raise Http404(_("No step of the study is in this file."))
    lines = Path(settings.BASE_DIR, path).read_text(encoding="utf-8").splitlines()
    return render(request, "study/source.html", {"section": "study", "path": path, "lines": lines})
