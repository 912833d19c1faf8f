"""What the labels of an archive mean, decided from all of them together.

One label alone may mean several things: `1` is the first letter or the second, `C` is Latin or Cyrillic, `s01` is a
number or the letter С. All labels together mostly leave one reading; where they do not, the reading has a question.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from recognizer.messages import gettext as _
from training.datasets.content.class_set import CLASS_SETS, letter_label
from training.datasets.content.notes import Note
from training.datasets.content.questions import NUMBERS, Question

LOOK_ALIKES = dict(zip("ABCEHKMOPTXYËIaceopxyëik", "АВСЕНКМОРТХУЁІасеорхуёік", strict=True))
"""Latin letters that look like Cyrillic ones."""
_FLOAT = re.compile(r"([+-]?\d+)[.,]0*")
_NUMBERED = re.compile(r"(\D+?)(\d{1,9})")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\xad"))
_MOST_SHOWN = 10


@dataclass(frozen=True)
class LabelReading:
    """What labels mean.

    Attributes:
        labels: index in the class set of each label that means a letter of it, by the label as it is written.
        notes: what was assumed.
        question: what the labels alone do not tell; until it is answered they are read by the likelier answer.

    """

    labels: Mapping[str, int]
    notes: Sequence[Note] = ()
    question: Question | None = None


@dataclass(frozen=True)
class LabelReader:
    """Reads the labels of an archive.

    Attributes:
        letters: the class set that is wanted.
        listed: the class set that the archive lists itself; its numbers are indices in it. Empty where it lists none.
        first_number: "0" or "1" where a person has said which number is the first letter.
        latin: "sound" or "shape" where a person has said how single Latin letters are meant.

    """

    letters: str
    listed: str = ""
    first_number: str = ""
    latin: str = ""

    def read(self, written: Iterable[str]) -> LabelReading:
        """Read all labels of an archive, or of one column of a table."""
        texts = {text: plain(text) for text in dict.fromkeys(written)}
        known = {text: label for text, one in texts.items() if (label := letter_label(one, self.letters)) is not None}
        numbers = {text: number for text, one in texts.items() if (number := number_in(one)) is not None}
        if known and numbers and not self.listed:
            return self._commoner_kind(texts, known, numbers)
        if known and not numbers:
            return self._by_letters(texts, known)
        if numbers:
            reading = self._by_numbers(numbers)
            return replace(reading, labels={**reading.labels, **known})
        prefix, numbers = _behind_a_prefix(texts)
        if not numbers:
            return LabelReading({})
        reading = self._by_numbers(numbers)
        return replace(reading, notes=(Note("prefix", {"prefix": prefix}), *reading.notes))

    def _commoner_kind(
        self, texts: Mapping[str, str], known: Mapping[str, int], numbers: Mapping[str, int]
    ) -> LabelReading:
        """Letters and numbers side by side: the commoner kind is read, the other set aside."""
        if len(known) < len(numbers):
            reading, others = self._by_numbers(numbers), [*known]
        else:
            reading, others = self._by_letters(texts, known), [*numbers]
        return replace(reading, notes=(*reading.notes, Note("two_kinds", {"labels": _shown(others)})))

    def _by_letters(self, texts: Mapping[str, str], known: Mapping[str, int]) -> LabelReading:
        """Letters; a Latin letter counts as the Cyrillic one that it looks like unless other Latin ones are there."""
        latin = {text: one for text, one in texts.items() if one in LOOK_ALIKES or (one.isascii() and one.isalpha())}
        latin = {text: one for text, one in latin.items() if len(one) == 1 and text not in known}
        if not all(one in LOOK_ALIKES for one in latin.values()):
            return LabelReading(known)
        alike = {text: letter_label(LOOK_ALIKES[one], self.letters) for text, one in latin.items()}
        taken = {text: label for text, label in alike.items() if label is not None}
        if not taken:
            return LabelReading(known)
        pairs = ", ".join(f"{text.strip()} → {self.letters[label]}" for text, label in sorted(taken.items()))
        return LabelReading({**known, **taken}, (Note("look_alikes", {"pairs": pairs}),))

    def _by_numbers(self, numbers: Mapping[str, int]) -> LabelReading:
        found = {number for number in numbers.values() if number >= 0}
        alphabet = self.listed or self._numbered_class_set(found)
        first = int(len(found) > 1 and 0 not in found and len(alphabet) in found)
        question = self._question(found, first, len(alphabet))
        if self.first_number:
            first = int(self.first_number)
            question = question and question.answered(self.first_number)
        labels = {}
        for text, number in numbers.items():
            if 0 <= number - first < len(alphabet):
                label = letter_label(alphabet[number - first], self.letters)
                if label is not None:
                    labels[text] = label
        notes = (Note("from_one", {"letter": alphabet[0]}),) if first else ()
        return LabelReading(labels, notes, question)

    def _numbered_class_set(self, found: Collection[int]) -> str:
        """The class set that is numbered: a known smaller one if the numbers are all of it, else the wanted one."""
        if self.letters in CLASS_SETS.values():
            for other in CLASS_SETS.values():
                if len(other) < len(self.letters) and {*found} in ({*range(len(other))}, {*range(1, len(other) + 1)}):
                    return other
        return self.letters

    def _question(self, found: Collection[int], first: int, size: int) -> Question | None:
        """What the numbers do not tell: which is the first letter, or of which class set they are."""
        words = {"low": min(found, default=0), "high": max(found, default=0), "size": size}
        if not found or self.listed:
            return None
        if any(size < len(other) and {*found} == {*range(first, first + len(other))} for other in CLASS_SETS.values()):
            text = _("The letters are numbered %(low)d…%(high)d, as in a larger class set than that of %(size)d.")
        elif size in map(len, CLASS_SETS.values()) and {*found} in ({*range(size - 1)}, {*range(1, size)}):
            text = _("The letters are numbered %(low)d…%(high)d: this does not tell which of the %(size)d is missing.")
        elif 0 not in found and not first:
            text = _("The letters are numbered %(low)d…%(high)d: that does not tell whether the first one is 0 or 1.")
        else:
            return None
        return Question(NUMBERS, text % words, {"0": _("0 is the first letter"), "1": _("1 is the first letter")})


def plain(text: str) -> str:
    """A label without spaces, invisible characters and a fraction of zero, in form NFC."""
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE).strip())
    whole = _FLOAT.fullmatch(text)
    return whole[1] if whole else text


def number_in(text: str) -> int | None:
    """The number that a plain label is; None where it is none."""
    digits = text[1:] if text[:1] in ("-", "+") else text
    return int(text[:10]) if digits.isascii() and digits.isdigit() else None


def _behind_a_prefix(texts: Mapping[str, str]) -> tuple[str, dict[str, int]]:
    """The word before the numbers of all labels (`s01`, `class_7`), and the numbers; none if a label is different."""
    found = {text: match for text, one in texts.items() if (match := _NUMBERED.fullmatch(one))}
    words = {match[1].casefold() for match in found.values()}
    if len(found) < 2 or len(words) > 1 or len(found) < len(texts):
        return "", {}
    return words.pop(), {text: int(match[2]) for text, match in found.items()}


def _shown(texts: Sequence[str]) -> str:
    shown = ", ".join(f"“{text.strip()}”" for text in texts[:_MOST_SHOWN])
    return shown + ("…" if len(texts) > _MOST_SHOWN else "")
