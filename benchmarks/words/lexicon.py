"""`python -m benchmarks.words.lexicon PACKAGE.tgz`: make the lexicon of npm's dictionary-ru (`npm pack` it)."""

import argparse
import re
import sys
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.words.dafsa import edges_of
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.words.lexicon import FILE, LONGEST, MAGIC, SAME

SHORTEST = 2
Rule = tuple[str, str, "re.Pattern[str]"]
"""What is cut off a word's end, what is added instead, and what the end must look like."""


def forms(affixes: str, words: str) -> Iterator[str]:
    """All forms of the words of a Hunspell dictionary: the text of its .aff file, and of its .dic file."""
    rules = _rules(affixes)
    for line in words.splitlines()[1:]:
        word, _slash, flags = line.strip().partition("/")
        yield word
        for cut, added, end in (rule for flag in flags for rule in rules.get(flag, ())):
            if end.search(word):
                yield word[: len(word) - len(cut)] + added


def _rules(affixes: str) -> dict[str, list[Rule]]:
    """Rules by their flag; Russian has suffixes only."""
    rules: dict[str, list[Rule]] = {}
    for line in affixes.splitlines():
        parts = line.split()
        if len(parts) == 5 and parts[0] == "SFX":
            _kind, flag, cut, added, end = parts
            rules.setdefault(flag, []).append((cut.strip("0"), added.strip("0"), re.compile(f"{end}$")))
    return rules


def capitals(words: Iterable[str]) -> list[str]:
    """The words in capital letters, in order: no abbreviations, nothing that a model cannot write."""
    spelled = {word.upper() for word in words if word[1:] == word[1:].lower()}
    same = str.maketrans(SAME)
    alphabet = set(RUSSIAN)
    fitting = (word for word in spelled if SHORTEST <= len(word) < LONGEST and set(word) <= alphabet)
    return sorted({word.translate(same) for word in fitting})


def packed(words: list[str]) -> bytes:
    """The file of a lexicon, from words in order."""
    counts = np.bincount([len(word) for word in words], minlength=LONGEST).astype("<u4")
    edges = [
        (RUSSIAN.find(letter) if letter else 0) | last << 6 | ends << 7 | target << 8
        for letter, target, ends, last in edges_of(words)
    ]
    planes = np.array(edges, "<u4").view(np.uint8).reshape(-1, 4).T
    return MAGIC + counts.tobytes() + zlib.compress(planes.tobytes(), 9)


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.words.lexicon", description=__doc__)
    parser.add_argument("package", type=Path, metavar="PACKAGE.tgz")
    options = parser.parse_args()
    with tarfile.open(options.package) as archive:
        texts = []
        for name in ("package/index.aff", "package/index.dic"):
            file = archive.extractfile(name)
            if file is None:
                parser.error(f"{options.package} has no {name}")
            texts.append(file.read().decode("utf-8"))
    words = capitals(forms(*texts))
    FILE.write_bytes(packed(words))
    print(f"{len(words):,} forms in {FILE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
