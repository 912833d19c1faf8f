"""The report as one HTML page that needs no other file: the page of the study, laid out for paper."""

import re
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from training.study.illustrations.surface import BallDescent
from training.study.report.drawings import drawn
from training.study.results import results
from training.study.web import content, descent

STYLES = ("tokens.css", "chart.css", "tables.css", "study.css")
"""Of the site; those of paper follow, in templates/study/report/paper.css."""
DESCENTS = (BallDescent(), BallDescent(1.5, 1.0, 0.1), BallDescent(1.8, 1.4, 1.0))
"""Start and learning rate of the three that are drawn: to the deepest dip, to the lesser one, away."""
_LOCAL_LINK = re.compile(r'<a [^>]*href="/[^"]*"[^>]*>(.*?)</a>', re.S)


def html(language: str) -> str:
    """The report in a language; links into the site become plain text."""
    with translation.override(language):
        context = content.study(results(), {})
        charts = {name: mark_safe(drawn(chart)) for name, chart in context["figures"]["charts"].items()}  # noqa: S308
        context |= {
            "language": language,
            "charts": charts,
            "descents": [descent.of(each) for each in DESCENTS],
            "styles": mark_safe("\n".join(map(_style, STYLES))),  # noqa: S308  # our own files
            "at": timezone.localdate(),
        }
        return _LOCAL_LINK.sub(r"\1", render_to_string("study/report/report.html", context))


def _style(name: str) -> str:
    return Path(settings.BASE_DIR, "static", "css", name).read_text(encoding="utf-8")
