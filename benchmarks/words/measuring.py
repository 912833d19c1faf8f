"""How many words of real letters are read right, as strokes and as pictures, with a lexicon and without."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.reading import machine
from benchmarks.words.fitting import random_text
from benchmarks.words.making import APART, CROSSING, KERNED, MadeWord, RealLetter, Spacing, make

WORDS = 150
"""Of each kind."""
LETTERS_LEAST, WORDS_LEAST, LOST_MOST, MILLISECONDS_MOST = 92.0, 88.0, 2.0, 50.0
TIMED, TIMED_LETTERS = 40, 10
Stock = Mapping[str, Sequence[RealLetter]]
Texts = Callable[[np.random.Generator], str]


@dataclass(frozen=True)
class WordScore:
    """Of words of one kind, in per cent: letters right, words right, and letters right where the cuts are given."""

    letters: float
    words: float
    given: float | None = None


class WordMeasurement:
    """Reads made words with the shipped model.

    Args:
        stock: letters by letter.
        pictured: whether words are read as pictures.

    """

    def __init__(self, stock: Stock, *, pictured: bool) -> None:
        from recognizer.core.words.lexicon import russian
        from recognizer.loading import shipped
        from recognizer.words.reading import reader_of

        self._stock, self._pictured = stock, pictured
        self._reader, self._lexicon = reader_of(shipped()), russian()

    def score(self, texts: Texts, seed: int, *, with_lexicon: bool, spacing: Spacing = CROSSING) -> WordScore:
        """Read words of these texts."""
        wrong = letters = right = given = 0
        for word in self.words(texts, seed, WORDS, spacing=spacing):
            text = self.read(word, with_lexicon=with_lexicon)
            wrong += distance(text, word.text)
            letters += len(word.text)
            right += text == word.text
            given += 0 if with_lexicon else self._right_with_cuts(word)
        share = None if with_lexicon else 100 * given / letters
        return WordScore(100 * (1 - wrong / letters), 100 * right / WORDS, share)

    def words(self, texts: Texts, seed: int, count: int, *, spacing: Spacing = CROSSING) -> Sequence[MadeWord]:
        """Made words, the same for a seed."""
        rng = np.random.default_rng(seed)
        return [make(texts(rng), self._stock, rng, spacing) for _number in range(count)]

    def read(self, word: MadeWord, *, with_lexicon: bool) -> str:
        """What a word is read as."""
        lexicon = self._lexicon if with_lexicon else None
        if self._pictured:
            return self._reader.read_picture(word.picture, lexicon).text
        return self._reader.read_strokes([stroke.tolist() for stroke in word.strokes], lexicon).text

    def milliseconds(self) -> float:
        """The median of the processor's time for a word of ten letters, with the lexicon."""
        times = []
        for word in self.words(lambda rng: "".join(rng.choice([*self._stock], TIMED_LETTERS)), 4, TIMED):
            begun = time.process_time()
            self.read(word, with_lexicon=True)
            times.append(1000 * (time.process_time() - begun))
        return statistics.median(times)

    def outside(self, rng: np.random.Generator) -> str:
        """A text of three to ten letters that is no word."""
        text = random_text(rng)
        return self.outside(rng) if text in self._lexicon else text

    def _right_with_cuts(self, word: MadeWord) -> int:
        """How many letters are read right each by itself, from its own ink."""
        ink = self._reader.ink
        if self._pictured:
            inputs = [ink.from_picture(picture) for picture in word.alone]
        else:
            letters = np.array(word.letters)
            own = [np.flatnonzero(letters == number).tolist() for number in range(len(word.text))]
            inputs = [ink.from_strokes([word.strokes[place].tolist() for place in places]) for places in own]
        _hidden, logits = self._reader.network.read_layers(np.stack(inputs))
        best = [self._reader.letters[number] for number in logits.argmax(axis=1).tolist()]
        return sum(letter == true for letter, true in zip(best, word.text, strict=True))


def distance(one: str, other: str) -> int:
    """How many letters have to be changed, put in or taken out (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, wanted in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != wanted))
    return row[-1]


def measure(data: Path) -> BenchmarkReport:
    """Read words of test letters.

    Raises:
        BenchmarkRunError: the archive is missing.

    """
    from benchmarks.words.material import real_letters, written_letters

    stock, figures, rows = real_letters(data, "test"), [], []
    for name, pictured in (("strokes", False), ("pictures", True)):
        measurement = WordMeasurement(stock, pictured=pictured)
        scores = _scores(measurement)
        figures += _figures(name, scores, measurement.milliseconds())
        rows += [_row(name, kind, score) for kind, score in scores.items()]
    hand = WordMeasurement(written_letters(2), pictured=False).score(random_text, 1, with_lexicon=False)
    rows.append(_row("strokes of the generator's hand", ANY, hand))
    columns = ("made of", "words", "letters right, %", "words right, %", "letters right with the true cuts, %")
    title = f"Words of 3 to 10 real letters side by side, {WORDS} of each kind, read by “best”"
    return BenchmarkReport("words", title, machine(), figures, columns, rows)


ANY, KNOWN, OTHER = "any letters", "dictionary words", "other words"
INK_APART, BOXES_APART = "any letters, overlapping ones do not touch", "any letters, no boxes overlap"
WITH = "%s, lexicon"


def _scores(measurement: WordMeasurement) -> dict[str, WordScore]:
    from benchmarks.words.material import dictionary_words
    from recognizer.core.words.lexicon import russian

    known = np.array(dictionary_words(russian(), shortest=3, longest=10))

    def word(rng: np.random.Generator) -> str:
        return str(known[int(rng.integers(len(known)))])

    return {
        ANY: measurement.score(random_text, 1, with_lexicon=False),
        INK_APART: measurement.score(random_text, 1, with_lexicon=False, spacing=KERNED),
        BOXES_APART: measurement.score(random_text, 1, with_lexicon=False, spacing=APART),
        KNOWN: measurement.score(word, 2, with_lexicon=False),
        WITH % KNOWN: measurement.score(word, 2, with_lexicon=True),
        OTHER: measurement.score(measurement.outside, 3, with_lexicon=False),
        WITH % OTHER: measurement.score(measurement.outside, 3, with_lexicon=True),
    }


def _figures(name: str, scores: Mapping[str, WordScore], milliseconds: float) -> list[Figure]:
    lost = scores[OTHER].letters - scores[WITH % OTHER].letters
    words, ink_apart = scores[WITH % KNOWN].words, scores[INK_APART].letters
    return [
        Figure(
            f"{name}: letters right without a lexicon", scores[ANY].letters, "%", LETTERS_LEAST, more_is_better=True
        ),
        Figure(f"{name}: the same where ink does not touch", ink_apart, "%", LETTERS_LEAST, more_is_better=True),
        Figure(f"{name}: the same where no boxes overlap", scores[BOXES_APART].letters, "%"),
        Figure(f"{name}: dictionary words right with it", words, "%", WORDS_LEAST, more_is_better=True),
        Figure(f"{name}: letters of other words that are lost by it", lost, "points", LOST_MOST),
        Figure(f"{name}: a word of ten letters", milliseconds, "ms", MILLISECONDS_MOST),
    ]


def _row(material: str, kind: str, score: WordScore) -> tuple[str, ...]:
    given = "" if score.given is None else f"{score.given:.2f}"
    return material, kind, f"{score.letters:.2f}", f"{score.words:.1f}", given
