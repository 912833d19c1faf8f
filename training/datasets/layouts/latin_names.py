"""Latin names of letters, as folders carry them: `zhe`, `SHORT I`, `hard_sign`, `shch`."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from recognizer.messages import gettext as _
from training.datasets.content.class_set import letter_label
from training.datasets.content.labels import LOOK_ALIKES, LabelReader, LabelReading
from training.datasets.content.questions import LATIN, Question

_TRANSLITERATIONS: Mapping[str, str] = {
    "А": "a",
    "Ә": "ae a_schwa schwa",
    "Б": "b be",
    "В": "v ve",
    "Г": "g ge",
    "Ғ": "gh",
    "Д": "d de",
    "Е": "e ye ie",
    "Ё": "yo jo io",
    "Ж": "zh zhe",
    "З": "z ze",
    "И": "i",
    "Й": "j short_i i_short i_kratkoe y_kratkoe",
    "К": "k ka",
    "Қ": "q",
    "Л": "l el",
    "М": "m em",
    "Н": "n en",
    "Ң": "ng",
    "О": "o",
    "Ө": "oe",
    "П": "p pe",
    "Р": "r er",
    "С": "s es",
    "Т": "t te",
    "У": "u",
    "Ұ": "uu",
    "Ү": "ue",
    "Ф": "f ef",
    "Х": "kh h ha x",
    "Һ": "shha",
    "Ц": "ts c tse",
    "Ч": "ch che",
    "Ш": "sh sha",
    "Щ": "shch sch shcha shh",
    "Ъ": "hard_sign hard tverdyi_znak tvyordyy_znak",
    "Ы": "y yery yeru ery",
    "І": "i_dotted dotted_i",
    "Ь": "soft_sign soft myagkiy_znak",
    "Э": "eh e_oborotnoe",
    "Ю": "yu ju iu",
    "Я": "ya ja ia",
}
"""The usual transliterations and the names of the letters; where two letters share one, the other stands first."""


def latin_labels(names: Iterable[str], letters: str) -> dict[str, int]:
    """Return the label of each Latin name, by the scheme (transliteration, Unicode) that knows the most of the names.

    Empty where neither knows at least half of them, or where two names would mean one letter.
    """
    wanted = {name: _plain(name) for name in names}
    schemes = (_transliterations(letters), _unicode_names(letters))
    known = max(({name: of[word] for name, word in wanted.items() if word in of} for of in schemes), key=len)
    # Names that differ in more than their case (`s01`, `s02`) and mean one letter are no names of letters.
    ambiguous = len(set(known.values())) < len({name.strip().casefold() for name in known})
    return {} if ambiguous or 2 * len(known) < len(wanted) else known


def read_latin(names: Sequence[str], reader: LabelReader) -> LabelReading:
    """Read Latin names; ask where single letters may be meant by their sound or by their shape (`B`: Б or В)."""
    by_sound = latin_labels(names, reader.letters)
    shapes = {name: LOOK_ALIKES.get(name.strip()) for name in names}
    if not by_sound or not all(shapes.values()):
        return LabelReading(by_sound)
    labels = {name: letter_label(letter or "", reader.letters) for name, letter in shapes.items()}
    by_shape = {name: label for name, label in labels.items() if label is not None}
    if by_shape == by_sound:
        return LabelReading(by_sound)
    text = _("The folders are single Latin letters: they may be meant by their sound or by their shape.")
    answers = {"sound": _("by their sound: B is Б"), "shape": _("by their shape: B is В")}
    question = Question(LATIN, text, answers).answered(reader.latin)
    return LabelReading(by_shape if question.answer == "shape" else by_sound, question=question)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]+", "_", name.strip().lower()).strip("_")


@lru_cache(maxsize=16)
def _transliterations(letters: str) -> dict[str, int]:
    return {
        word: label
        for label, letter in enumerate(letters)
        for word in _TRANSLITERATIONS.get(letter.upper(), "").split()
    }


@lru_cache(maxsize=16)
def _unicode_names(letters: str) -> dict[str, int]:
    """Names such as `ZHE` of CYRILLIC CAPITAL LETTER ZHE."""
    return {
        _plain(unicodedata.name(letter, "").split(" LETTER ")[-1]): label
        for label, letter in enumerate(letters)
        if " LETTER " in unicodedata.name(letter, "")
    }
