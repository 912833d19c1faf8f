"""A page read from end to end: whatever way it was photographed."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from recognizer.loading import shipped
from recognizer.pages.errors import PageError
from recognizer.pages.reader import PageReading, read_page
from tests.recognizer.pages import made

MODEL = "small"


def read(data: bytes) -> PageReading:
    return read_page(data, shipped(MODEL))


def right(text: str) -> float:
    """Share of the letters of the sheet that stand where they should."""
    lines, expected = text.split("\n"), made.TEXT
    assert len(lines) == len(expected) // 8, text
    pairs = zip("".join(lines).replace(" ", ""), expected, strict=False)
    return sum(one == other for one, other in pairs) / len(expected)


@pytest.mark.parametrize("paper", ["plain", "ruled", "squared"])
def test_a_photograph_is_read_line_by_line_whatever_the_paper(paper: str) -> None:
    photograph = made.photographed(paper, seed=3)
    reading = read(photograph.data)
    assert reading.straightened_by == "edges"
    assert [len(line) for line in reading.lines] == [8, 8, 8]
    assert right(reading.text) >= 0.8
    boxes = made.sheet(paper, 3).boxes
    middles = photograph.placed(np.stack([boxes[:, [0, 2]].mean(1), boxes[:, [1, 3]].mean(1)], axis=1))
    for middle, letter in zip(middles, (each for line in reading.lines for each in line), strict=True):
        left, top, width, height = letter.box
        assert left < middle[0] < left + width
        assert top < middle[1] < top + height


def test_a_scan_without_edges_is_turned_by_its_lines_or_ruling() -> None:
    for paper, by in (("plain", "lines"), ("squared", "ruling")):
        greys = made.sheet(paper, 2).greys
        turn = cv2.getRotationMatrix2D((greys.shape[1] / 2, greys.shape[0] / 2), 4, 1)
        turned = cv2.warpAffine(greys, turn, greys.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        reading = read(made.png(np.asarray(turned, np.uint8)))
        assert reading.straightened_by == by
        assert right(reading.text) >= 0.8


def test_a_page_upside_down_or_on_its_side_is_turned() -> None:
    greys = made.sheet().greys
    for quarters, turned in ((0, 0), (2, 180), (1, 90), (3, 270)):
        reading = read(made.png(np.ascontiguousarray(np.rot90(greys, quarters))))
        assert reading.turned == turned
        assert right(reading.text) >= 0.8


def test_exif_turns_the_page_and_boxes_are_in_what_a_browser_shows() -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.ascontiguousarray(np.rot90(made.sheet().greys))).save(file, "JPEG", exif=exif)
    reading = read(file.getvalue())
    assert (reading.width, reading.height) == made.sheet().greys.shape[::-1]
    assert reading.turned == 0
    assert right(reading.text) >= 0.8


@pytest.mark.parametrize(
    ("greys", "sentence"),
    [
        (np.full((900, 700), 240, np.uint8), "empty"),
        (np.random.default_rng(1).integers(0, 256, (900, 700), np.uint8), "No letters"),
        (np.tile(np.linspace(20, 230, 700).astype(np.uint8), (900, 1)), "empty|No letters"),
        (np.ascontiguousarray(made.sheet().greys[:, ::-1]), "mirrored"),
    ],
    ids=["empty", "noise", "gradient", "mirrored"],
)
def test_what_is_no_page_of_letters_is_said_in_a_sentence(greys: made.Greys, sentence: str) -> None:
    with pytest.raises(PageError, match=sentence):
        read(made.png(greys))
