"""The review of letters of collection sheets: none enters a data set that nobody has looked at."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import needs
from recognizer.core.alphabet import RUSSIAN
from recognizer.filestore.places import here
from recognizer.web.presentation import decision_shown
from training.datasets.errors import DatasetError
from training.datasets.imports import waiting_drafts
from training.jobs.keys import key_in
from training.jobs.models import State
from training.paper import cells, services
from training.paper.cells import Decided, SheetCell
from training.paper.models import PaperReading, ReadingPurpose
from training.paper.rows import Row

ON_A_PAGE = 800
"""Cells that are shown together: those of four pages. More are shown letter by letter."""


@dataclass(frozen=True)
class CellTile:
    """A cell on the page: its window on the picture of its sheet, and what was decided."""

    cell: SheetCell
    window: str
    decision: dict[str, str]

    @property
    def is_doubted(self) -> bool:
        """Whether the model in service reads another letter, or none."""
        return self.cell.predicted != self.cell.letter


@require_safe
@needs("paper.view_paperreading")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """All cells, letter by letter; those that the model reads otherwise come first. Many are one letter a page."""
    reading = _reading(pk)
    rows, decided = cells.sheet_rows(reading), cells.held(reading)
    every = list(cells.cells_of(rows))
    counts = Counter(cell.letter for cell in every)
    there = [letter for letter in RUSSIAN if counts[letter]]
    chosen = _chosen_letter(request, there, len(every))
    tiles = _tiles([cell for cell in every if chosen in ("", cell.letter)], rows, decided)
    seen = {tile.cell.sheet for tile in tiles}
    context = {
        "reading": reading,
        "sheets": [(sheet, *_size(sheet)) for sheet in cells.sheets_of(rows) if sheet.number in seen],
        "groups": [(letter, list(each)) for letter, each in groupby(tiles, lambda tile: tile.cell.letter)],
        "there": [(letter, counts[letter]) for letter in there],
        "chosen": chosen,
        "following": _following(chosen, there),
        "letters": RUSSIAN,
        **_tally(len(every), decided),
        "section": "datasets",
    }
    return render(request, "paper/review.html", context)


def _tiles(some: Sequence[SheetCell], rows: list[Row], decided: dict[int, Decided]) -> list[CellTile]:
    sizes = {sheet.number: sheet for sheet in cells.sheets_of(rows)}
    tiles = [CellTile(cell, _window(cell, sizes), _shown(decided.get(cell.number))) for cell in some]
    return sorted(tiles, key=lambda tile: (RUSSIAN.index(tile.cell.letter), not tile.is_doubted))


def _chosen_letter(request: HttpRequest, there: Sequence[str], count: int) -> str:
    """The one letter that is shown; empty where all fit on a page."""
    if count <= ON_A_PAGE:
        return ""
    asked = request.GET.get("letter", "")
    return asked if asked in there else there[0]


def _following(chosen: str, there: Sequence[str]) -> str:
    """The letter whose page comes after that of the chosen one; empty after the last."""
    place = there.index(chosen) + 1 if chosen else len(there)
    return there[place] if place < len(there) else ""


@require_safe
@needs("paper.view_paperreading")
def sheet(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The pictures of one sheet. They never change, so the browser may keep them."""
    try:
        data = here(_reading(pk).folder / cells.sheet_name(number)).read_bytes()
    except FileNotFoundError:
        raise Http404(_("There is no such sheet.")) from None
    response = HttpResponse(data, content_type="image/png")
    patch_cache_control(response, private=True, max_age=31_536_000, immutable=True)
    return response


@require_POST
@needs("paper.change_paperreading")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on cells, or take the last decision back; answers with JSON where that is wanted."""
    reading, wants_json = _reading(pk), "application/json" in request.headers.get("Accept", "")
    try:
        numbers = _done(request, reading)
    except DatasetError as error:
        if wants_json:
            return JsonResponse({"error": str(error)}, status=400)
        messages.error(request, str(error))
        numbers = []
    if wants_json:
        decided = cells.held(reading)
        return JsonResponse({"decisions": {number: _shown(decided.get(number)) for number in numbers}})
    return redirect(f"{reverse('paper:review', args=[pk])}?{urlencode({'letter': request.GET.get('letter', '')})}")


@require_POST
@needs("paper.change_paperreading")
@needs("datasets.add_datasetimport")
def make_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an archive of the letters that were found right, and go on to the confirmation of its import."""
    try:
        draft = services.draft_of(_reading(pk), request.user.pk or 0)
    except DatasetError as error:
        messages.error(request, str(error))
        return redirect("paper:review", pk=pk)
    token = draft.token()
    waiting_drafts.remember(request.session, draft, token)
    return redirect("datasets:import-confirm", token=token)


def _reading(pk: int) -> PaperReading:
    return get_object_or_404(PaperReading, pk=pk, state=State.SUCCEEDED, purpose=ReadingPurpose.SHEETS)


def _done(request: HttpRequest, reading: PaperReading) -> Sequence[int]:
    """Do what was asked for: `accept-letter:Ж` for what is undecided of a letter, else by what is ticked, or all."""
    action, _colon, letter = request.POST.get("do", "").partition(":")
    if action == "undo":
        return services.undo(reading)
    if action == "accept-letter":
        return services.decide(reading, _undecided(reading, letter), cells.ACCEPT)
    if request.POST.get("all"):
        return services.decide(reading, _undecided(reading, ""), action, request.POST.get("letter", ""))
    numbers = [key_in(text) for text in request.POST.getlist("picture")]
    chosen = [-1 if number is None else number for number in numbers]
    return services.decide(reading, chosen, action, request.POST.get("letter", ""))


def _undecided(reading: PaperReading, letter: str) -> list[int]:
    """Cells on which nothing is decided, of a letter or of all."""
    decided = cells.held(reading)
    every = cells.cells_of(cells.sheet_rows(reading))
    return [cell.number for cell in every if cell.number not in decided and letter in ("", cell.letter)]


def _shown(decision: Decided | None) -> dict[str, str]:
    """A decision in words, for the page and its script; empty texts where there is none."""
    return decision_shown("") if decision is None else decision_shown(decision.action, decision.letter)


def _tally(count: int, decided: dict[int, Decided]) -> dict[str, Any]:
    removed = sum(decision.action == cells.REJECT for decision in decided.values())
    return {"confirmed": len(decided) - removed, "removed": removed, "open": count - len(decided)}


def _window(cell: SheetCell, sizes: dict[int, cells.SheetPictures]) -> str:
    """Where its picture is on its sheet's, as an SVG's viewBox."""
    sheet = sizes[cell.sheet]
    row, column = divmod(cell.place, cells.IN_A_ROW)
    return f"{column * sheet.width} {row * sheet.height} {sheet.width} {sheet.height}"


def _size(sheet: cells.SheetPictures) -> tuple[int, int]:
    """Width and height of the picture of a sheet."""
    return min(sheet.count, cells.IN_A_ROW) * sheet.width, -(-sheet.count // cells.IN_A_ROW) * sheet.height
