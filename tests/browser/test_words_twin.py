"""Words are read in a real Chromium as Python reads them: the same cuts, letters and scores."""

import base64
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from benchmarks.words.fitting import random_text
from benchmarks.words.making import make
from benchmarks.words.material import dictionary_words, written_letters
from recognizer import loading
from recognizer.core import model_file
from recognizer.core.ink import InkError
from recognizer.core.words.lexicon import FILE, russian
from recognizer.core.words.reader import LONGEST_WORD
from recognizer.models import StoredModel
from recognizer.words.reading import reader_of, word_members
from tests.browser.test_network_twin import real_drawings
from tests.recognizer.core.words.written import word
from tests.recognizer.exports.models import exported

WORDS = int(os.environ.get("PROPIS_PARITY_WORDS", "16"))
"""Made words that are compared, each with the lexicon and without."""
TOLERANCE = 1e-4
"""Of a probability."""
MODEL = "best"
REAL, LETTERS = 20, 6
"""Words of real letters that are compared, and their letters."""
Drawing = list[list[list[float]]]

KERNEL = "/static/wasm/kernel.wasm"
LOAD = """async ([file, sha256, lexicon, kernel]) => {
  const { togetherBy } = await import("/static/js/network/kernel_network.js");
  const { loadNetwork } = await import("/static/js/network/loading.js");
  const { Doubt } = await import("/static/js/network/doubt.js");
  const { specification } = await import("/static/js/ink/specifications.js");
  const { WordReader } = await import("/static/js/words/reader.js");
  const { lexiconOf } = await import("/static/js/words/lexicon.js");
  const { network, card } = await loadNetwork({ file, sha256 });
  const ink = specification(card.ink_specification);
  const together = await togetherBy(network, kernel);
  const reader = new WordReader({ network: together, ink, doubt: new Doubt(card), letters: card.letters });
  const russian = await lexiconOf(Uint8Array.from(atob(lexicon), (character) => character.charCodeAt(0)).buffer);
  window.readWord = (strokes, withLexicon, mends) => {
    try {
      return reader.read(strokes, { lexicon: withLexicon ? russian : null, mends });
    } catch (error) {
      return { error: error.constructor.name, code: error.code ?? "" };
    }
  };
  window.isWord = (text) => russian.has(text);
  return together.constructor.name;
}"""
READ = "words => JSON.parse(words).flatMap((strokes) => [readWord(strokes, false), readWord(strokes, true)])"
MEND = "([strokes, mends]) => readWord(strokes, false, mends)"


@pytest.fixture
def words(bench: Page) -> Page:
    """A page that reads words with the model in service, by the kernel."""
    assert load(bench, KERNEL) == "KernelNetwork"
    return bench


def load(bench: Page, kernel: str | None) -> Any:
    """Let a page read words; says what computes."""
    sha256 = StoredModel.objects.get(name=MODEL).file_sha256
    lexicon = base64.b64encode(FILE.read_bytes()).decode()
    return bench.evaluate(LOAD, [f"/models/{sha256}.npz", sha256, lexicon, kernel])


def compare(page: Page, drawings: list[Drawing]) -> None:
    """Read drawings in both ways, with the lexicon and without."""
    reader = reader_of(loading.load_stored(StoredModel.objects.get(name=MODEL)))
    found: list[dict[str, Any]] = page.evaluate(READ, json.dumps(drawings))
    for place, drawing in enumerate(drawings):
        for number, lexicon in enumerate((None, russian())):
            wanted = word_members(reader.read_strokes(drawing, lexicon))
            read = found[2 * place + number]
            assert (read["text"], read["known"]) == (wanted["text"], wanted["known"]), place
            for mine, theirs in zip(read["letters"], wanted["letters"], strict=True):
                _same_letter(mine, theirs)


def _same_letter(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    for name in ("letter", "refused", "strokes"):
        assert mine[name] == theirs[name]
    assert mine["box"] == pytest.approx(theirs["box"], abs=1e-3)
    assert mine["whole"] == pytest.approx(theirs["whole"], abs=TOLERANCE)
    assert mine["best"][0]["letter"] == theirs["best"][0]["letter"]
    shares = [[each["probability"] for each in of["best"]] for of in (mine, theirs)]
    assert shares[0] == pytest.approx(shares[1], abs=TOLERANCE)


def _drawings(stock: Any, count: int, seed: int) -> list[Drawing]:
    """Words of the lexicon and others in turn, strokes in any order."""
    rng = np.random.default_rng(seed)
    known = np.array(dictionary_words(russian(), shortest=3, longest=10))
    drawings = []
    for number in range(count):
        text = str(known[int(rng.integers(len(known)))]) if number % 2 else random_text(rng)
        strokes = [np.round(stroke, 2).tolist() for stroke in make(text, stock, rng).strokes]
        drawings.append([strokes[place] for place in rng.permutation(len(strokes)).tolist()])
    return drawings


def test_made_words_are_read_as_in_python(words: Page) -> None:
    compare(words, _drawings(written_letters(5), WORDS, 11))


@pytest.mark.parametrize("kernel", [None, "/static/wasm/none.wasm", "/static/img/favicon.svg"])
def test_without_the_kernel_they_are_read_the_same(bench: Page, kernel: str | None) -> None:
    assert load(bench, kernel) == "NetworkTogether"
    compare(bench, _drawings(written_letters(5), 2, 13))


TOGETHER = """async ([text, inputs, address]) => {
  const { networkOf } = await import("/static/js/network/model_file.js");
  const { togetherBy } = await import("/static/js/network/kernel_network.js");
  const { network } = networkOf(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  const together = await togetherBy(network, address);
  const layers = together.lastLayersOfAll(inputs.map((input) => Uint8Array.from(input)));
  return layers.map(({ hidden, logits }) => [Array.from(hidden), Array.from(logits)]);
}"""


@pytest.mark.parametrize("activation", ["relu", "gelu", "sigmoid"])
def test_the_kernel_computes_what_javascript_computes(bench: Page, activation: str) -> None:
    """Any number of inputs: none, fewer than are computed at once, and more."""
    model, rng = exported("fp32", activation, hidden=7), np.random.default_rng(4)
    text = base64.b64encode(model_file.to_bytes(model.network, model.card)).decode()
    for count in (0, 1, 5, 70):
        inputs = rng.integers(0, 256, (count, model.card.sizes[0]), dtype=np.uint8)
        found, plain = (bench.evaluate(TOGETHER, [text, inputs.tolist(), address]) for address in (KERNEL, None))
        assert len(found) == len(plain) == count
        for place, expected in enumerate(model.network.read_layers(inputs) if count else ()):
            for layers in (found, plain):
                np.testing.assert_allclose([each[place] for each in layers], expected, rtol=1e-4, atol=1e-4)


@pytest.mark.realdata
def test_words_of_real_letters_are_read_as_in_python(words: Page, real_archives: Path) -> None:
    rng = np.random.default_rng(12)
    letters = real_drawings(real_archives / "comnist-cyrillic.zip", LETTERS * REAL)
    compare(words, [_side_by_side(letters[LETTERS * number :][:LETTERS], rng) for number in range(REAL)])


def _side_by_side(letters: Sequence[Any], rng: np.random.Generator) -> Drawing:
    """Letters in a row, each about 100 high, some of them over the one before."""
    strokes, end = [], 0.0
    for letter in letters:
        points = np.concatenate([np.asarray(stroke, np.float64) for stroke in letter])
        low, scale = points.min(axis=0), rng.uniform(80, 120) / np.ptp(points[:, 1])
        left = end + rng.uniform(-10, 30)
        strokes += [((np.asarray(stroke) - low) * scale + (left, 0)).round(2).tolist() for stroke in letter]
        end = left + float(np.ptp(points[:, 0])) * scale
    return strokes


def test_odd_words_are_read_as_in_python(words: Page) -> None:
    """Signs over letters, letters on top of each other, lines without end, dots, the longest word."""
    rng = np.random.default_rng(3)
    scattered = (rng.uniform(0, 400, (60, 1, 2)) + rng.uniform(-30, 30, (60, 3, 2))).round(2).tolist()
    scribble = [[[float(x), float(x * 37 % 100)] for x in range(0, 4000, 3)]]
    compare(
        words,
        [
            word("ЁМ")[0],
            word("ШИНЫЙ", gap=-4)[0][::-1],
            [*word("Ш")[0], *word("А")[0], *word("О")[0]],
            [*word("МО")[0], [[400, 50]]],
            [*word("О")[0], *scribble],
            word("О" * LONGEST_WORD)[0],
            scattered,
        ],
    )


def test_what_is_no_word_is_refused_as_in_python(words: Page) -> None:
    refused: list[tuple[Drawing, str, str]] = [
        ([], "EmptyInkError", ""),
        ([[]], "EmptyInkError", ""),
        ([[[5, 5]]], "WordError", "dot"),
        ([[[1e9, 5], [6, 6]]], "InkError", ""),
        (word("О" * (LONGEST_WORD + 1))[0], "WordError", "too_long"),
    ]
    for strokes, error, code in refused:
        with pytest.raises(InkError):
            reader_of(loading.shipped()).read_strokes(strokes)
        assert words.evaluate(MEND, [strokes, None]) == {"error": error, "code": code}


def test_a_person_joins_cuts_and_chooses(words: Page) -> None:
    """What is joined is one letter, what is cut is none; a chosen letter stays."""
    strokes = word("НОТЫ")[0]
    whole = words.evaluate(MEND, [strokes, None])
    assert whole["text"] == "НОТЫ"
    first, second = (letter["strokes"] for letter in whole["letters"][:2])
    nothing: dict[str, list[Any]] = {"together": [], "apart": [], "letters": []}
    joined = words.evaluate(MEND, [strokes, {**nothing, "together": [first + second]}])
    assert joined["letters"][0]["strokes"] == first + second
    cut = words.evaluate(MEND, [strokes, {**nothing, "apart": [first]}])
    assert len(cut["letters"]) > len(whole["letters"])
    assert all(not set(first) <= set(letter["strokes"]) for letter in cut["letters"])
    chosen = words.evaluate(MEND, [strokes, {**nothing, "letters": [{"strokes": second, "letter": "С"}]}])
    assert chosen["text"] == "НСТЫ"
    assert [letter["isChosen"] for letter in chosen["letters"]] == [False, True, False, False]


def test_the_lexicon_has_the_same_words(words: Page) -> None:
    known = dictionary_words(russian(), shortest=9, longest=9)[::300]
    texts = ["ДОМ", "ПРОПИСЬ", "ЁЛКА", "ЕЛКА", "", "ДОМЪ", "ЩЩЩ", "ПРОПИ", "DOM", *known]
    assert words.evaluate("texts => texts.map(isWord)", texts) == [text in russian() for text in texts]
