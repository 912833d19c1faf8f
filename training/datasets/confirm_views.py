"""The page between the form of a new import and the import: what was found, to be confirmed or changed."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from training.datasets.charts import split_name
from training.datasets.classes import CLASS_SETS
from training.datasets.confirm_form import ANEW, KEEP, ConfirmForm
from training.datasets.drafts import Draft
from training.datasets.errors import ArchiveError
from training.datasets.inspecting import LISTED, Finding, class_set_of
from training.datasets.models import DatasetImport, Origin
from training.datasets.plans import Choice
from training.datasets.splitting import Split
from training.datasets.writers import NO_WRITERS
from training.jobs import lifecycle

LOOK, DISCARD = "look", "discard"
_SECTION = {"section": "datasets"}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("datasets.add_datasetimport", raise_exception=True)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was found; look again with another choice, queue the import, or throw the upload away."""
    draft = Draft.read(token, request.user.pk or 0)
    if draft is None:
        return _refused(request, _("This page has expired: begin the import anew."), 410)
    pressed = request.POST.get("do", "")
    if pressed == DISCARD:
        draft.discard()
        return redirect("datasets:index")
    try:
        found = _found(draft, request.POST)
    except ArchiveError as error:
        return _refused(request, str(error), 400)
    form = _form(draft, found, request)
    if request.method == "POST" and pressed != LOOK and form.is_valid():
        job = lifecycle.enqueue(_job(draft, found, form), by=request.user)
        return redirect("datasets:import", pk=job.pk)
    return render(request, "datasets/confirm.html", _context(draft, found, form))


def _refused(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    return render(request, "datasets/confirm.html", {"refused": reason, **_SECTION}, status=status)


def _found(draft: Draft, chosen: Any) -> Finding:
    """Look at the archive by what was chosen; what is no choice counts for none."""
    plain = draft.inspect("", Choice())
    key = chosen.get("letters", "")
    letters = class_set_of(key, draft.archive) if key in plain.class_sets else ""
    columns = {*plain.header, ""}
    labels, writers = chosen.get("labels", ""), chosen.get("writers", "")
    if letters in ("", plain.letters) and not labels and not writers:
        return plain
    return draft.inspect(
        letters,
        Choice(
            labels=labels if labels in columns else "",
            groups=writers if writers in {*columns, NO_WRITERS} else "",
        ),
    )


def _form(draft: Draft, found: Finding, request: HttpRequest) -> ConfirmForm:
    """The form as it was sent; or, at first and when it was looked at once more, as it fits what was found."""
    if request.method == "POST" and request.POST.get("do") != LOOK:
        return ConfirmForm(found, request.POST)
    columns = found.columns
    initial = {
        "name": draft.name,
        "seed": draft.seed,
        "letters": _key_of(found),
        "labels": columns.labels if columns else "",
        "writers": (columns.groups or NO_WRITERS) if columns else request.POST.get("writers", ""),
        "split": KEEP if found.parts else ANEW,
    }
    kept = ("name", "seed", "test", "validation", "split")
    return ConfirmForm(found, initial=initial | {name: request.POST[name] for name in kept if name in request.POST})


def _key_of(found: Finding) -> str:
    return next((key for key, letters in CLASS_SETS.items() if letters == found.letters), LISTED)


def _job(draft: Draft, found: Finding, form: ConfirmForm) -> DatasetImport:
    chosen = form.cleaned_data
    return DatasetImport(
        name=chosen["name"],
        origin=Origin(draft.origin),
        path=draft.path,
        seed=chosen["seed"],
        letters=found.letters,
        label_column=chosen.get("labels", ""),
        writer_column=chosen.get("writers", ""),
        split_anew=bool(found.parts) and chosen["split"] == ANEW,
        test_size=chosen["test"],
        validation_size=chosen["validation"],
    )


def _context(draft: Draft, found: Finding, form: ConfirmForm) -> dict[str, Any]:
    chart = {
        "kind": "bar",
        "y": {"label": _("pictures")},
        "labels": list(found.counts),
        "series": [{"label": _("pictures"), "values": list(found.counts.values())}],
    }
    return {
        "draft": draft,
        "found": found,
        "form": form,
        "layout": _layout_name(found.layout),
        "parts": [(split_name(split), found.parts[split.key]) for split in Split] if found.parts else [],
        "missing": [letter for letter, count in found.counts.items() if not count],
        "chart": {"charts": {"found": chart}},
        **_SECTION,
    }


def _layout_name(layout: str) -> str:
    return {
        "table": _("pictures and a table"),
        "folders": _("a folder for each letter"),
        "arrays": _("arrays"),
        "idx": "IDX",
        "pixels": _("a table of pixels"),
    }.get(layout, layout)
