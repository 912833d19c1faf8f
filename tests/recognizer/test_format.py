"""Numbers as templates write them."""

from recognizer.templatetags.recognizer_format import piece


def test_a_piece_of_a_sheet_stays_within_its_square() -> None:
    assert piece(28, 56, 28) == "28.5 56.5 27 27"
