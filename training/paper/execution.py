"""How a worker reads many pages: page after page, each written down before the next."""

from collections import Counter
from typing import Any

import numpy as np

from recognizer import active_model
from recognizer.core.files import replacing
from recognizer.filestore import places
from recognizer.loading import CatalogueError, LoadedModel
from recognizer.messages import gettext as _
from recognizer.pages import extra, scans
from recognizer.pages.errors import PageError
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker.work_loop import JobFailedError, Lease
from training.paper import cells
from training.paper.models import PaperReading, ReadingPurpose
from training.paper.rows import PageRows, Row, each_row


def execute(reading: PaperReading, lease: Lease) -> None:
    """Read the pages that no earlier attempt has read; one that cannot be read has its reason.

    Raises:
        JobFailedError: nothing can be read at all; the message says why.
        StoppedError: the lease said so.

    """
    try:
        extra.require()
        for path in places.files_in(reading.scans):
            places.here(path)
        files = scans.find_files(reading.scans)
        model = active_model.get()
    except (PageError, CatalogueError) as error:
        raise JobFailedError(str(error)) from error
    except OSError as error:
        raise JobFailedError(_("The scans are no longer here: send them once more.")) from error
    rows = PageRows(reading.folder, reading.attempt)
    for scan in scans.each_scan(files, rows):
        lease.check()
        lifecycle.write(reading, attempts_without_progress=0)  # refused where another attempt has the job
        rows.add(read_scan(reading, scan, model, number=len(rows)))
        lease.progress(scan.share, _("%(file)s, page %(page)d") % {"file": scan.file, "page": scan.number})
    lifecycle.finish(reading, State.SUCCEEDED, counts=_counts(reading))
    places.forget_folder(reading.scans)


def read_scan(reading: PaperReading, scan: scans.Scan, model: LoadedModel, *, number: int) -> Row:
    """Read one page as the reading asks for; `number`, the same in every attempt, names a sheet's pictures."""
    place = {"file": scan.file, "page": scan.number, "pages": scan.pages}

    def of_sheet(page: Any) -> Row:
        return _sheet_row(reading, page, model, number)

    def of_page(page: Any) -> Row:
        return page_row(page, model)

    try:
        read: Row = scan.read(of_sheet if reading.purpose == ReadingPurpose.SHEETS else of_page)
        return place | read
    except (PageError, CatalogueError) as error:
        return place | {"error": error.args[0]}


def page_row(page: Any, model: LoadedModel, *, with_lexicon: bool = True) -> Row:
    """What a page of letters is read as. Raises PageError and CatalogueError."""
    from recognizer.pages import answers, reader  # they need the extra

    answer = answers.page_answer(reader.read_opened(page, model, with_lexicon=with_lexicon))
    del answer["milliseconds"]  # of two readings of one page nothing else differs
    return answer


def _sheet_row(reading: PaperReading, page: Any, model: LoadedModel, number: int) -> Row:
    """What is written on a collection sheet; its pictures are a file of their own."""
    from recognizer.pages import cuts  # they need the extra
    from recognizer.pages.sheets.printing import writer_name
    from recognizer.pages.sheets.sheet_reader import read_sheet

    sheet = read_sheet(page)
    written = sheet.written
    if not written:
        raise PageError(_("Nothing is written on this sheet."))
    said = cuts.read_cuts([cuts.framed(each.picture) for each in written], model)
    pictures = [_of_one_size(each.picture, written[0].picture.shape) for each in written]
    path = reading.folder / cells.sheet_name(number)
    path.parent.mkdir(exist_ok=True)
    with replacing(path) as file:
        file.write(cells.tiled(pictures))
    places.keep(path)
    height, width = written[0].picture.shape
    letters = [
        (each.box.letter, each.box.copy, "" if said[place].refused else said[place].letter)
        for place, each in enumerate(written)
    ]
    states = Counter(each.state.value for each in sheet.boxes)
    return {
        "writer": writer_name(sheet.writer), "sheet_page": sheet.page + 1, "sheet": number, "width": width,
        "height": height, "cells": letters, "boxes": dict(states),
    }  # fmt: skip


def _of_one_size(picture: Any, shape: tuple[int, int]) -> Any:
    """A picture as large as the others, which differ by a pixel where boxes are rounded."""
    whole = np.full(shape, 255, np.uint8)
    height, width = min(shape[0], picture.shape[0]), min(shape[1], picture.shape[1])
    whole[:height, :width] = picture[:height, :width]
    return whole


def _counts(reading: PaperReading) -> dict[str, int]:
    counts = {"pages": 0, "unread": 0, "letters": 0}
    for row in each_row(reading.folder):
        counts["unread" if "error" in row else "pages"] += 1
        counts["letters"] += len(row.get("letters") or row.get("cells") or ())
    return counts
