"""Labels are the alphabet's order."""

from recognizer.core.alphabet import RUSSIAN


def test_letters_stand_in_the_order_of_labels() -> None:
    assert len(set(RUSSIAN)) == 33
    assert [RUSSIAN.index(letter) for letter in "АЕЁЖЙЪЯ"] == [0, 5, 6, 7, 10, 27, 32]
