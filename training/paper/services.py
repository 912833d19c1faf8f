"""Every write that people ask for: readings ordered, letters of sheets decided on, those that are right imported."""

import shutil
import time
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from recognizer.core.alphabet import RUSSIAN
from recognizer.filestore import places
from recognizer.messages import gettext as _
from recognizer.pages import scans
from recognizer.pages.errors import PageTooLargeError
from training.datasets.errors import DatasetError
from training.datasets.imports import uploads
from training.datasets.imports.drafts import Draft
from training.datasets.models import Origin
from training.datasets.naming import proposed_name
from training.jobs import lifecycle
from training.jobs.models import State
from training.paper import cells
from training.paper.models import PaperReading, ReadingPurpose, root

OLD_SECONDS = 3600
MAX_NAME = 100


def order(purpose: ReadingPurpose, files: Sequence["UploadedFile[Any]"], *, by: Any = None) -> PaperReading:
    """Queue the reading of files that were sent.

    Raises:
        PageError: there is nothing to be read in them.

    """
    limit = settings.PROPIS_LIMITS["scans_bytes"]
    if sum(upload.size or 0 for upload in files) > limit:
        raise PageTooLargeError(_("The files are larger than %(limit)d MB together.") % {"limit": limit // 2**20})
    new = root() / f"new-{uuid.uuid4().hex}"
    try:
        _keep(files, new)
        scans.find_files(new)
        name = Path(files[0].name or "").name[-MAX_NAME:] if files else ""
        with transaction.atomic():
            reading = lifecycle.enqueue(PaperReading(name=name, purpose=purpose), by=by)
            reading.folder.mkdir()
            new.rename(reading.scans)
            places.keep(reading.scans)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return reading


def _keep(files: Sequence["UploadedFile[Any]"], folder: Path) -> None:
    folder.mkdir()
    for place, upload in enumerate(files):
        name = Path(upload.name or "scan").name[-MAX_NAME:]
        path = folder / name
        if path.exists():  # two telephones may give the same name
            path = folder / f"{place + 1}-{name}"
        with path.open("xb") as file:
            for chunk in upload.chunks():
                file.write(chunk)


def forget_old() -> None:
    """Delete folders whose row is gone, what was sent for no row, and scans whose worker was killed at its end."""
    states = {str(pk): state for pk, state in PaperReading.objects.values_list("pk", "state")}
    for folder in root().iterdir():
        if folder.name not in states and time.time() - folder.stat().st_mtime > OLD_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
        elif states.get(folder.name) == State.SUCCEEDED and (folder / "scans").exists():
            places.forget_folder(folder / "scans")


def decide(reading: PaperReading, numbers: Iterable[int], action: str, letter: str = "") -> list[int]:
    """Decide on cells and return their numbers; it can be undone in one go.

    Raises:
        DatasetError: there is no such action, cell or letter.

    """
    chosen = list(dict.fromkeys(numbers))
    letter = letter.upper()
    if action not in cells.ACTIONS:
        raise DatasetError(_("No action was chosen."))
    if not chosen:
        raise DatasetError(_("Choose at least one picture."))
    if not all(0 <= number < reading.counts.get("letters", 0) for number in chosen):
        raise DatasetError(_("“%(name)s” has no such picture.") % {"name": reading.name})
    if action == cells.RELABEL and (len(letter) != 1 or letter not in RUSSIAN):
        raise DatasetError(_("There is no letter “%(letter)s”.") % {"letter": letter})
    decision = {"do": action, "cells": chosen} | ({"letter": letter} if action == cells.RELABEL else {})
    with transaction.atomic():
        row = PaperReading.objects.select_for_update().get(pk=reading.pk)
        reading.decisions = [*row.decisions, decision]
        reading.save(update_fields=["decisions"])
    return chosen


def undo(reading: PaperReading) -> list[int]:
    """Take the last decision back; return its cells, none where there is no decision."""
    with transaction.atomic():
        row = PaperReading.objects.select_for_update().get(pk=reading.pk)
        last = row.decisions[-1] if row.decisions else {"cells": []}
        reading.decisions = row.decisions[:-1]
        reading.save(update_fields=["decisions"])
    return list(last["cells"])


def draft_of(reading: PaperReading, user: int) -> Draft:
    """An import of the cells that were found right, not confirmed yet.

    Raises:
        DatasetError: none was.

    """
    from recognizer.pages.sheets.archiving import write_archive  # it needs the extra

    rows, decided = cells.sheet_rows(reading), cells.held(reading)
    pictures = {sheet.number: cells.cut_out(reading, sheet) for sheet in cells.sheets_of(rows)}
    right = [(cell, letter) for cell in cells.cells_of(rows) if (letter := cells.letter_of(cell, decided))]
    if not right:
        raise DatasetError(_("No letter is confirmed yet: look at them first."))
    own = uploads.folder() / uuid.uuid4().hex
    own.mkdir()
    name = proposed_name(f"{Path(reading.name).stem}.zip")
    with (own / f"{name}.zip").open("xb") as file:
        write_archive(
            file,
            (
                (cell.writer, f"{cell.page}-{cell.letter}-{cell.copy}", letter, pictures[cell.sheet][cell.place])
                for cell, letter in right
            ),
        )
    places.keep(own)
    return Draft(name, 0, Origin.UPLOAD, str(own / f"{name}.zip"), user)
