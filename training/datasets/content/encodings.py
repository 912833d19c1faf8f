"""The encoding of Russian texts that do not declare one: weighed by how many known letters come out."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from recognizer.core.alphabet import KAZAKH, RUSSIAN
from recognizer.messages import gettext as _
from training.datasets.content.questions import ENCODING, Question

ENCODINGS = ("cp866", "cp1251", "koi8-r", "mac-cyrillic")
"""Encodings of Russian without Unicode; the first stands first where nothing speaks for another."""
_WORDS = frozenset(
    ("буква", "буквы", "класс", "метка", "символ", "файл", "путь", "имя", "изображение", "картинка", "выборка", "автор")
)
"""Words in the headers of tables."""
_RUSSIAN = re.compile("[А-Яа-яЁё]")


@dataclass(frozen=True)
class Weighed:
    """An encoding, and a question where another one fits as well and gives other letters."""

    encoding: str
    question: Question | None = None


def weigh(tokens: Iterable[bytes], what: str, chosen: str = "") -> Weighed:
    """Weigh the encodings by texts that are no UTF-8.

    Args:
        tokens: names of folders, or cells of a table.
        what: where they are from, for the question.
        chosen: what a person has said.

    """
    distinct = {token for token in tokens if not token.isascii()}
    readings = {encoding: _decoded(distinct, encoding) for encoding in ENCODINGS}
    weights = {encoding: _weight(texts.values()) for encoding, texts in readings.items()}
    best = [encoding for encoding in ENCODINGS if weights[encoding] == max(weights.values())]
    letters = [{token: text for token, text in readings[each].items() if text in _LETTERS} for each in best]
    question = None
    if any(reading != letters[0] for reading in letters):
        text = _("%(what)s may be in %(encodings)s: each gives other letters.") % {
            "what": what,
            "encodings": ", ".join(best),
        }
        question = Question(ENCODING, text, {each: _sample(readings[each].values()) for each in best})
    if chosen:
        return Weighed(chosen, question and question.answered(chosen))
    return Weighed(best[0], question)


_LETTERS = {letter.casefold() for letter in KAZAKH}


def _decoded(tokens: Iterable[bytes], encoding: str) -> dict[bytes, str]:
    return {token: unicodedata.normalize("NFC", token.decode(encoding, "replace")).casefold() for token in tokens}


def _weight(texts: Iterable[str]) -> tuple[int, int, int]:
    """How much speaks for a reading: different letters of the alphabet, known words, then Russian letters at all."""
    texts = [text.strip() for text in texts]
    known = {*texts} & {letter.casefold() for letter in RUSSIAN}
    words = {*texts} & _WORDS
    odd = sum(not character.isalnum() for text in texts for character in text if not character.isascii())
    return len(known), len(words), sum(len(_RUSSIAN.findall(text)) for text in texts) - 2 * odd


def _sample(texts: Iterable[str]) -> str:
    return " ".join(sorted(text for text in texts if text in _LETTERS)[:6]) + " …"
