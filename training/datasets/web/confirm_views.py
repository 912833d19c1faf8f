"""The page between the form of a new import and the import: what was found, to be confirmed or changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rights import needs
from training.datasets import services
from training.datasets.content.class_set import CLASS_SETS
from training.datasets.content.encodings import ENCODINGS
from training.datasets.content.questions import ENCODING, LATIN, NUMBERS, OPTIONS, SOURCE
from training.datasets.content.splitting import Split
from training.datasets.content.writers import NO_WRITERS
from training.datasets.errors import ArchiveError
from training.datasets.imports import waiting_drafts
from training.datasets.imports.drafts import Draft
from training.datasets.imports.inspection import LISTED, ArchiveInspection, class_set_of
from training.datasets.layouts.plan import Choice
from training.datasets.models import DatasetImport, Origin
from training.datasets.web.charts import split_name
from training.datasets.web.confirm_form import KEEP, REDRAW, ConfirmForm

LOOK, DISCARD = "look", "discard"
_SECTION = {"section": "datasets"}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("datasets.add_datasetimport")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was found; look again with another choice, queue the import, or throw the upload away."""
    draft = Draft.read(token, request.user.pk or 0)
    if draft is None:
        return _refused(request, _("This page has expired: start the import again."), 410)
    pressed = request.POST.get("do", "")
    if pressed == DISCARD:
        draft.discard()
        waiting_drafts.forget(request.session, token)
        return redirect("datasets:index")
    try:
        found = _found(draft, request.POST)
    except ArchiveError as error:
        return _refused(request, str(error), 400)
    form = _form(draft, found, request)
    if request.method == "POST" and pressed != LOOK and form.is_valid():
        job = services.queue_import(_job(draft, found, form), by=request.user)
        waiting_drafts.forget(request.session, token)
        return redirect("datasets:import", pk=job.pk)
    return render(request, "datasets/confirm.html", _context(draft, found, form))


def _refused(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    return render(request, "datasets/confirm.html", {"refused": reason, **_SECTION}, status=status)


def _found(draft: Draft, chosen: Any) -> ArchiveInspection:
    """Inspect the archive with the chosen options; invalid ones are ignored."""
    plain = draft.inspect("", Choice())
    key = chosen.get("letters", "")
    letters = class_set_of(key, draft.archive) if key in plain.class_sets else ""
    columns = {*plain.header, ""}
    labels, writers = chosen.get("labels", ""), chosen.get("writers", "")
    answers = {key: chosen[key] for key in OPTIONS if chosen.get(key)}
    if letters in ("", plain.letters) and not labels and not writers and not answers:
        return plain
    return draft.inspect(
        letters,
        Choice(
            labels=labels if labels in columns else "",
            groups=writers if writers in {*columns, NO_WRITERS} else "",
            **_possible(answers),
        ),
    )


def _possible(answers: dict[str, str]) -> dict[str, str]:
    """Answers that a question can have; others count for none."""
    possible = {
        NUMBERS: ("0", "1"),
        ENCODING: ENCODINGS,
        SOURCE: ("table", "folders"),
        LATIN: ("sound", "shape"),
    }
    return {key: answer for key, answer in answers.items() if answer in possible[key]}


def _form(draft: Draft, found: ArchiveInspection, request: HttpRequest) -> ConfirmForm:
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
        "split": KEEP if found.splits else REDRAW,
        **{question.key: question.answer for question in found.questions},
    }
    kept = ("name", "seed", "test", "validation", "split")
    return ConfirmForm(found, initial=initial | {name: request.POST[name] for name in kept if name in request.POST})


def _key_of(found: ArchiveInspection) -> str:
    return next((key for key, letters in CLASS_SETS.items() if letters == found.letters), LISTED)


def _job(draft: Draft, found: ArchiveInspection, form: ConfirmForm) -> DatasetImport:
    chosen = form.cleaned_data
    return DatasetImport(
        name=chosen["name"],
        origin=Origin(draft.origin),
        path=draft.path,
        seed=chosen["seed"],
        letters=found.letters,
        answers=form.answers(),
        label_column=chosen.get("labels", ""),
        writer_column=chosen.get("writers", ""),
        redraw_splits=bool(found.splits) and chosen["split"] == REDRAW,
        test_size=chosen["test"],
        validation_size=chosen["validation"],
    )


def _context(draft: Draft, found: ArchiveInspection, form: ConfirmForm) -> dict[str, Any]:
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
        "splits": [(split_name(split), found.splits[split.key]) for split in Split] if found.splits else [],
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
