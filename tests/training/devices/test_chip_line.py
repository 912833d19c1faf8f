"""The line that a chip prints: what is damaged, of another version or impossible is refused in words."""

import pytest

from training.devices.chip_line import ChipLine, ChipLineError, checksum, read

GOOD = ChipLine("9f86d081884c7d65", 330, 327, 20_479_000, 68_033, 8_580, 1_149)


def with_sum(text: str) -> str:
    """A line whose checksum fits, whatever it says."""
    return f"{text}*{checksum(text):04X}"


def test_a_line_is_read_as_it_was_printed() -> None:
    assert read(f"  {GOOD}\r\n") == GOOD
    assert pytest.approx(62_057.6, abs=0.1) == GOOD.mean


def test_the_checksum_is_the_standard_one() -> None:
    assert checksum("123456789") == 0x29B1, "the check value of CRC-16/CCITT-FALSE"


def test_every_change_of_one_sign_is_noticed() -> None:
    text = str(GOOD)
    for place in range(len(text)):
        changed = text[:place] + ("7" if text[place] != "7" else "8") + text[place + 1 :]
        with pytest.raises(ChipLineError):
            read(changed)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a whole line"),
        ("А 1023", "not a whole line"),
        (str(GOOD)[:-1], "not a whole line"),
        (str(GOOD)[5:], "not a whole line"),
        (f"{GOOD}\n{GOOD}", "not a whole line"),
        (str(GOOD).replace("327", "372"), "damaged"),
        (with_sum("PROPIS,2,new,fields"), "version 2; this site reads version 1"),
        (with_sum("PROPIS,1,9f86d081884c7d65,330,327"), "other fields"),
        (with_sum("PROPIS,1,9f86d081884c7d65,330,-27,20479000,68033,8580,1149"), "other fields"),
        (with_sum("PROPIS,1,9f86d081884c7d65,330,nan,20479000,68033,8580,1149"), "other fields"),
        (with_sum("PROPIS,1,9f86d081884c7d65,330,331,20479000,68033,8580,1149"), "331 of 330"),
        (with_sum("PROPIS,1,9f86d081884c7d65,0,0,20479000,68033,8580,1149"), "impossible"),
        (with_sum("PROPIS,1,9f86d081884c7d65,330,327,1,1,8580,1149"), "times"),
        (with_sum("PROPIS,1,9f86d081884c7d65,330,327,20479000,61000,8580,1149"), "times"),
    ],
)
def test_lines_that_are_refused(text: str, words: str) -> None:
    with pytest.raises(ChipLineError, match=words):
        read(text)
