"""Filters that write the figures of the study."""

import re
from collections.abc import Mapping
from statistics import fmean
from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from recognizer.templatetags.recognizer_format import grouped
from training.study.experiments import TEST
from training.study.reporting import ended_runs, own_tests, said, shorter
from training.study.verdicts import StudyVerdict

register = template.Library()


@register.filter
def points(percent: float | None) -> str:
    """Write an accuracy in per cent without its sign: 95.931 → “95.93”, in the page's language; a dash without one."""
    return str(floatformat(percent, 2)) if percent else "—"


@register.filter
def row_label(label: str) -> str:
    """Write the values of a row in the page's language: “η = 0,8”, “слои = 256-128”."""
    comma = str(number_format(0.5))[1]
    return re.sub(r"(?<=\d)\.(?=\d)", comma, label.replace("layers", _("layers")))


@register.filter
def thesis_words(row: Mapping[str, Any]) -> str:
    """Write what the thesis says of a row: its words, its accuracy, its count."""
    counted = row.get("thesis_counted")
    parts = [said(row, _, number_format), f"({grouped(counted)}\u00a0/\u00a0{grouped(TEST)})" if counted else ""]
    return " ".join(filter(None, parts)) or "—"


@register.filter
def verdict_words(verdict: str | None) -> str:
    """Write a verdict in the page's language; none is a dash."""
    words = {
        StudyVerdict.REPRODUCED: pgettext("verdict", "reproduced"),
        StudyVerdict.BETTER: pgettext("verdict", "better"),
        StudyVerdict.WORSE: pgettext("verdict", "worse"),
    }
    return words[StudyVerdict(verdict)] if verdict else "—"


@register.filter
def best_epoch(row: Mapping[str, Any], epochs: int) -> str:
    """Write the best epoch of a row's first seed, and of how many, where its runs are not of `epochs`."""
    runs, own = ended_runs(row) or [{}], shorter(row, epochs)
    best = runs[0].get("best_epoch")
    if not best:
        return "—"
    return _("%(best)s of %(epochs)s") % {"best": best, "epochs": own} if own else str(best)


@register.filter
def seconds(row: Mapping[str, Any]) -> str:
    """Write how long a row's first seed trained, in whole seconds."""
    taken = (ended_runs(row) or [{}])[0].get("seconds")
    return grouped(round(taken)) if taken else "—"


@register.filter
def own_test(row: Mapping[str, Any]) -> str:
    """Write the mean accuracy on our own test split, and of how many seeds where not all were scored."""
    scored = own_tests(row)
    mean = points(100 * fmean(scored) if scored else None)
    if 0 < len(scored) < row["seeds"]:
        return _("%(mean)s (seeds: %(count)s)") % {"mean": mean, "count": len(scored)}
    return mean


@register.filter
def scored_words(split: str) -> str:
    """Write on which pictures ours was scored."""
    words = {"monitored": _("the monitored split"), "validation": _("validation"), "test": _("test")}
    return words[split]
