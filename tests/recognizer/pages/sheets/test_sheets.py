"""Collection sheets: printed, filled in, photographed, read; and what keeps one from being read."""

import io
import zipfile
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from django.core.management import CommandError, call_command

from benchmarks.paper.filled_sheets import FilledSheet, fill_in, printed
from benchmarks.paper.photographs import photograph
from recognizer.core.alphabet import RUSSIAN
from recognizer.pages.errors import PageError
from recognizer.pages.opening import open_page
from recognizer.pages.sheets import archiving, printing, sheet_layout
from recognizer.pages.sheets.sheet_reader import BoxState, SheetReading, read_sheet
from tests.recognizer.pages import made

WRITER = 123_456
LETTERS = tuple(picture for picture in made.letters(RUSSIAN) for _copy in range(sheet_layout.COPIES))


@cache
def filled(seed: int = 1, *, covered: bool = False, page: int = 0) -> FilledSheet:
    return fill_in(LETTERS, np.random.default_rng(seed), writer=WRITER, page=page, covered=covered)


def read(greys: made.Greys) -> SheetReading:
    return read_sheet(open_page(made.png(greys)))


def test_the_pdf_has_two_pages_for_each_writer_and_no_picture_in_it() -> None:
    data = printing.print_sheets([1, 2, 3])
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == 6
        text = document[1].get_textpage().get_text_range()
    assert "000-001" in text
    assert all(letter.lower() in text for letter in RUSSIAN)
    assert b"/Image" not in data.replace(b"/ImageB /ImageC /ImageI", b"")


@pytest.mark.parametrize(("covered", "upside_down"), [(False, False), (True, False), (False, True)])
def test_a_photograph_gives_each_box_its_letter(covered: bool, upside_down: bool) -> None:
    sheet = filled(2, covered=covered, page=1)
    data = photograph(sheet.greys, np.random.default_rng(3), upside_down=upside_down).data
    reading = read_sheet(open_page(data))
    assert (reading.writer, reading.page) == (WRITER, 1)
    assert [each.state for each in reading.boxes] == list(sheet.states)
    assert {BoxState.EMPTY, BoxState.CROSSED_OUT} <= set(sheet.states)


def test_the_archive_has_each_letter_with_its_writer_and_a_sheet_once() -> None:
    reading = read(filled().greys)
    with zipfile.ZipFile(io.BytesIO(archiving.to_archive([reading, reading]))) as archive:
        rows = archive.read(archiving.TABLE).decode().split()
    assert rows[0] == "file,letter,writer"
    assert len(rows) - 1 == len(reading.written) == len({row.split(",")[0] for row in rows[1:]})
    assert all(row.endswith(f"{row.split('-')[2]},123-456") for row in rows[1:])


def test_what_is_no_sheet_or_two_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = printed(WRITER)
    small = np.asarray(cv2.resize(sheet, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA), np.uint8)
    bare = sheet.copy()
    bare[:250] = 255
    nameless = sheet.copy()
    nameless[80:210, 830:1180] = 255
    bent = sheet.copy()
    bent[2560:2800, 1340:1640] = bent[2560:2800, 1700:2000]  # a marker where none should be
    bent[2560:2800, 1740:] = 255
    with monkeypatch.context() as patch:
        patch.setattr(sheet_layout, "marker_number", lambda page, corner: 4 * (2 * 8 + page) + corner)
        newer = printed(WRITER)
    cases = [
        (np.full((900, 700), 255, np.uint8), "No collection sheet"),
        (np.hstack([small, small]), "Two sheets"),
        (bare, "Too few corners"),
        (nameless, "writer's number"),
        (bent, "bent"),
        (newer, "another version"),
    ]
    for greys, sentence in cases:
        with pytest.raises(PageError, match=sentence):
            read(greys)


def test_a_printed_sheet_with_fewer_boxes_reads_as_an_empty_one_of_its_writer() -> None:
    choice = printing.SheetChoice("АЯ", 2, (1,))
    file = io.BytesIO()
    with pypdfium2.PdfDocument(printing.print_sheets([WRITER], choice)) as document:
        document[0].render(scale=3).to_pil().convert("L").save(file, "PNG")
    reading = read_sheet(open_page(file.getvalue()))
    assert (reading.writer, reading.page, reading.written) == (WRITER, 1, [])


def test_no_more_sheets_are_printed_at_once_than_anybody_needs() -> None:
    assert len(set(printing.new_writers(30))) == 30
    for count in (0, 201):
        with pytest.raises(PageError, match="Between 1 and 200"):
            printing.new_writers(count)


def test_the_command_says_that_its_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "sheet.png").write_bytes(made.png(filled().greys))
    target = tmp_path / "no" / "letters.zip"
    with pytest.raises(CommandError, match=f"^{target}: No such file or directory$"):
        call_command("read_sheets", str(tmp_path / "sheet.png"), "--output", str(target))
