"""The line that a chip prints of itself: one line of ASCII, versioned and checksummed, to be pasted into a page.

    PROPIS,1,9f86d081884c7d65,330,327,20479000,62105,9216,1290*1D0F

Version, the first 16 digits of the model file's SHA-256, images, how many were read right, microseconds of all of them,
of the slowest, bytes of flash memory and of memory (0: not told), and behind the asterisk CRC-16/CCITT-FALSE of all
before it. `docs/arduino.md` has the sketch.
"""

import binascii
import re
from dataclasses import astuple, dataclass

from recognizer.messages import gettext as _

NAME, VERSION = "PROPIS", 1
DIGITS = 16
"""Of the model's SHA-256."""
SHAPE = re.compile(rf"{NAME},(\d{{1,3}}),(.*)\*([0-9A-F]{{4}})")
FIELDS = re.compile(r"([0-9a-f]{16})" + 6 * r",(\d{1,10})")
FASTEST = 0.05
"""Microseconds: no chip reads a letter in less."""


class ChipLineError(ValueError):
    """A line that cannot be taken; the message is a sentence for whoever pasted it."""


@dataclass(frozen=True)
class ChipLine:
    """What a chip says.

    Attributes:
        model: the first digits of the SHA-256 of the model's file.
        images, correct: read, and read right.
        microseconds, longest: of all images together, of the slowest.
        flash_bytes, memory_bytes: of the whole program; memory without the stack. 0: not told.

    """

    model: str
    images: int
    correct: int
    microseconds: int
    longest: int
    flash_bytes: int
    memory_bytes: int

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.images < 1 or self.correct > self.images:
            raise ChipLineError(
                _("%(correct)d of %(images)d images read right is impossible.")
                % {"correct": self.correct, "images": self.images}
            )
        if self.microseconds < FASTEST * self.images or not self.mean <= self.longest <= self.microseconds:
            raise ChipLineError(_("The times in this line are impossible."))

    @property
    def mean(self) -> float:
        """Microseconds of an image."""
        return self.microseconds / self.images

    def __str__(self) -> str:
        """The line, as a chip prints it."""
        text = ",".join([NAME, str(VERSION), *map(str, astuple(self))])
        return f"{text}*{checksum(text):04X}"


def read(text: str) -> ChipLine:
    """The line in what somebody pasted.

    Raises:
        ChipLineError: there is none, it was damaged, it is of another version, or says what cannot be.

    """
    line = text.strip()
    found = SHAPE.fullmatch(line)
    if found is None:
        raise ChipLineError(
            _("This is not a whole line of a chip: one begins with %(name)s and ends with * and four digits.")
            % {"name": NAME}
        )
    if checksum(line[:-5]) != int(found[3], 16):
        raise ChipLineError(_("This line was damaged on the way: its checksum does not fit. Copy it again."))
    if int(found[1]) != VERSION:
        raise ChipLineError(
            _("This line is of version %(found)s; this site reads version %(known)d. Take the sketch of its docs.")
            % {"found": found[1], "known": VERSION}
        )
    fields = FIELDS.fullmatch(found[2])
    if fields is None:
        raise ChipLineError(_("This line has other fields than a chip prints."))
    return ChipLine(fields[1], *(int(number) for number in fields.groups()[1:]))


def checksum(text: str) -> int:
    """CRC-16/CCITT-FALSE of ASCII; other signs count as they are in UTF-8."""
    return binascii.crc_hqx(text.encode("utf-8"), 0xFFFF)
