"""The network that the page runs in a real Chromium gives Python's answers, whatever the model."""

import base64
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from recognizer import loading, services
from recognizer.core.activations import ACTIVATIONS
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink import specification
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.loading import LoadedModel
from recognizer.models import ModelOrigin, StoredModel
from tests.browser.ink_drawings import traced_letters
from tests.recognizer.core.drawings import Drawing
from tests.tracing import strokes_of

PER_LETTER = 6
REAL = int(os.environ.get("PROPIS_PARITY_DRAWINGS", "100"))
"""Real drawings that are compared."""
OTHER_LETTERS = 2 / 2000
"""Share of drawings that may be read as another letter than in Python: where two letters are as probable."""
TOLERANCE = 1e-5  # of a probability
BATCH = 100

LOAD = """async ([file, sha256]) => {
  const { loadNetwork } = await import("/static/js/network/loading.js");
  const { softmax } = await import("/static/js/network/activations.js");
  const { specification } = await import("/static/js/ink/specifications.js");
  const { network, card } = await loadNetwork({ file, sha256 });
  const ink = specification(card.ink_specification);
  window.readAll = (drawings) => drawings.map((strokes) => {
    const input = ink.fromStrokes(strokes);
    return [btoa(String.fromCharCode(...input)), softmax(network.logits(input))];
  });
}"""
READ = "drawings => readAll(JSON.parse(drawings))"
HASH = """async (contents) => {
  const { digest, sha256 } = await import("/static/js/network/sha256.js");
  const found = [];
  for (const content of contents) {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    const own = Array.from(digest(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
    found.push([own, await sha256(bytes)]);
  }
  return found;
}"""
HALVES = """async () => {
  const { half } = await import("/static/js/network/floats.js");
  return Array.from({ length: 65536 }, (_, bits) => String(half(bits)));
}"""


def stored(sizes: tuple[int, ...], *, ink: str, activation: str, precision: str, letters: str = RUSSIAN) -> LoadedModel:
    """A model in the catalogue with random weights that make the letters about as sure as a trained one does."""
    rng = np.random.default_rng(len(sizes) + sizes[0])
    shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
    weights = tuple(rng.normal(0, 3 / np.sqrt(n_in), (n_out, n_in)).astype(np.float32) for n_out, n_in in shapes)
    biases = tuple(rng.normal(0, 1, n_out).astype(np.float32) for n_out, _n_in in shapes)
    network = Network(weights, biases, activation)
    card = ModelCard.of(
        network,
        name=f"{activation} {ink} {precision}",
        ink_specification=ink,
        letters=letters,
        precision=precision,
    )
    return loading.load_stored(services.add_model(network, card, source=ModelOrigin.TRAINED))


def compare(page: Page, model: LoadedModel, drawings: Sequence[Drawing]) -> tuple[int, float]:
    """How many drawings the page reads as another letter, and the largest difference of a probability."""
    page.evaluate(LOAD, [f"/models/{model.sha256}.npz", model.sha256])
    others, largest = 0, 0.0
    for first in range(0, len(drawings), BATCH):
        batch = drawings[first : first + BATCH]
        inputs = np.stack([model.ink.from_strokes(drawing) for drawing in batch])
        expected = model.network.read(inputs)
        for number, (own, probabilities) in enumerate(page.evaluate(READ, json.dumps(batch))):
            assert base64.b64decode(own) == inputs[number].tobytes(), f"drawing {first + number}"
            others += int(np.argmax(probabilities) != np.argmax(expected[number]))
            largest = max(largest, float(np.abs(np.array(probabilities) - expected[number]).max()))
    return others, largest


IN_FLOATS = [name for name in loading.shipped_names() if loading.shipped(name).card.precision == "fp16"]
"""The shipped models that compute in floats."""


@pytest.mark.parametrize("name", loading.shipped_names())
def test_shipped_models_read_as_in_python(bench: Page, name: str) -> None:
    model = loading.load_stored(StoredModel.objects.get(name=name))
    drawings = traced_letters(per_letter=PER_LETTER, seed=9)
    others, largest = compare(bench, model, drawings)
    assert others <= OTHER_LETTERS * len(drawings)
    assert largest <= TOLERANCE


@pytest.mark.realdata
@pytest.mark.parametrize("name", loading.shipped_names())
def test_real_drawings_are_read_as_in_python(bench: Page, real_archives: Path, name: str) -> None:
    model = loading.load_stored(StoredModel.objects.get(name=name))
    drawings = real_drawings(real_archives / "comnist-cyrillic.zip", REAL)
    others, largest = compare(bench, model, drawings)
    print(f"{len(drawings)} real drawings, {name}: {others} other letters, probabilities within {largest:.1e}")
    assert others <= OTHER_LETTERS * len(drawings)
    assert largest <= TOLERANCE


@cache
def real_drawings(archive: Path, count: int) -> tuple[Drawing, ...]:
    """The traced strokes of as many pictures, drawn at random, the same every time; traced once."""
    with zipfile.ZipFile(archive) as file:
        names = sorted(name for name in file.namelist() if name.endswith(".png"))
        chosen = np.random.default_rng(15).choice(names, count, replace=False)
        pictures = (np.asarray(Image.open(io.BytesIO(file.read(name))).convert("L")) for name in chosen)
        return tuple(strokes_of(picture < 128) for picture in pictures)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_every_activation_and_precision(bare: Page, activation: str, precision: str) -> None:
    model = stored((784, 40, 30, 33), ink="moments-1", activation=activation, precision=precision)
    others, largest = compare(bare, model, traced_letters(per_letter=1, seed=3))
    assert others == 0
    assert largest <= TOLERANCE


@pytest.mark.parametrize("letters", ["АБ", "".join(chr(0x4E00 + number) for number in range(250))])
def test_any_ink_and_any_number_of_letters(bare: Page, letters: str) -> None:
    inputs = specification("directions-1-coarse").length
    sizes = (inputs, len(letters)) if len(letters) == 2 else (inputs, 20, 10, len(letters))
    model = stored(sizes, ink="directions-1-coarse", activation="relu", precision="fp16", letters=letters)
    others, largest = compare(bare, model, traced_letters(per_letter=1, seed=3))
    assert others == 0
    assert largest <= TOLERANCE


def test_hashes_are_those_of_the_standard(bare: Page) -> None:
    """FIPS 180-4's own examples, and every length around a block's end."""
    examples = [b"abc", b"", b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", b"a" * 1_000_000]
    contents = examples + [bytes(range(length)) for length in range(50, 130)]
    expected = [hashlib.sha256(content).hexdigest() for content in contents]
    assert expected[0] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    found: list[Any] = bare.evaluate(HASH, [base64.b64encode(content).decode() for content in contents])
    assert found == [[digest, digest] for digest in expected]


def test_every_half_is_the_number_that_numpy_makes_of_it(bare: Page) -> None:
    every = np.arange(65536, dtype="<u2").view("<f2").astype(np.float64)
    np.testing.assert_array_equal(np.array(bare.evaluate(HALVES), np.float64), every)
