"""Latin names of letters, as folders carry them: `zhe`, `SHORT I`, `hard_sign`, `shch`."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

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
    ambiguous = len(set(known.values())) < len({wanted[name] for name in known})
    return {} if ambiguous or 2 * len(known) < len(wanted) else known


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
