"""What the panel “What the network saw” computes, in a real Chromium: gradients, contributions and smallest changes."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from recognizer import loading
from recognizer.core.activations import softmax
from recognizer.core.inputs import unit_floats
from recognizer.core.precision import in_floats
from recognizer.loading import LoadedModel
from recognizer.models import StoredModel
from tests.browser.ink_drawings import traced_letters
from tests.browser.test_network_twin import IN_FLOATS, stored
from training.core.reference import Reference

OTHERS = [("raw-28", "relu"), ("moments-1", "sigmoid"), ("moments-2", "gelu"), ("directions-1-coarse", "sigmoid")]
"""Models beside the shipped ones: every activation, and inputs that are pictures."""
MODELS = [*IN_FLOATS, *(" ".join(each) for each in OTHERS)]
ROUNDING = 1e-6
FOUND = 0.8
"""Share of letters of which a smallest change is found."""

LOAD = """async ([file, sha256]) => {
  const { loadNetwork } = await import("/static/js/network/loading.js");
  const { PicturedNetwork } = await import("/static/js/saw/pictured_network.js");
  window.network = new PicturedNetwork(await loadNetwork({ file, sha256 }));
}"""
SLOPES = """([picture, directions, error, step]) => {
  const value = (shown) => shown.logits.reduce((sum, z, index) => sum + error[index] * z, 0);
  const gradient = network.backward(network.forward(Float64Array.from(picture)), Float64Array.from(error));
  return directions.map((direction) => {
    const shown = (by) => network.forward(Float64Array.from(picture, (each, pixel) => each + by * direction[pixel]));
    const moved = (by) => value(shown(by));
    const slope = direction.reduce((sum, each, pixel) => sum + each * gradient[pixel], 0);
    return [(moved(step) - moved(-step)) / (2 * step), slope];
  });
}"""
PASSES = """async ([file, sha256, input, error]) => {
  const { loadNetwork } = await import("/static/js/network/loading.js");
  const { Passes } = await import("/static/js/network/passes.js");
  const { network } = await loadNetwork({ file, sha256 });
  const passes = new Passes(network);
  const passed = passes.forward(Float64Array.from(input));
  const gradient = passes.backward(passed, Float64Array.from(error));
  return [passed.logits, passed.activations.at(-1), gradient].map((each) => Array.from(each));
}"""
CONTRIBUTIONS = """async ([pictures, letter]) => {
  const { contributions } = await import("/static/js/saw/contributions.js");
  return pictures.map((picture) => {
    const { parts, odds, blank } = contributions(network, Uint8Array.from(picture), letter);
    return [Array.from(parts), odds, blank];
  });
}"""
CHANGES = """async ([pictures, target]) => {
  const { smallestChange } = await import("/static/js/saw/smallest_change.js");
  const found = [];
  for (const picture of pictures) {
    const change = await smallestChange(network, Uint8Array.from(picture), target, async () => true);
    found.push(change && [change.letter, Array.from(change.picture)]);
  }
  return found;
}"""


def model_named(name: str) -> LoadedModel:
    if name in loading.shipped_names():
        return loading.load_stored(StoredModel.objects.get(name=name))
    ink, activation = name.split()
    inputs = 200 if ink.startswith("directions") else 784
    return stored((inputs, 40, 30, 33), ink=ink, activation=activation, precision="fp32")


def pictures_of(model: LoadedModel, count: int) -> NDArray[np.uint8]:
    drawings = traced_letters(per_letter=1, seed=21)
    chosen = np.random.default_rng(7).choice(len(drawings), count, replace=False)
    return np.stack([model.ink.pictures.from_strokes(drawings[number]) for number in chosen])


def loaded(page: Page, name: str) -> LoadedModel:
    model = model_named(name)
    page.evaluate(LOAD, [f"/models/{model.sha256}.npz", model.sha256])
    return model


@pytest.mark.parametrize("name", MODELS)
def test_gradients_by_pixels_are_those_of_finite_differences(bench: Page, name: str) -> None:
    model = loaded(bench, name)
    rng = np.random.default_rng(5)
    # Between whole numbers no two parts of a gradient are alike, and no directions' root is at its beginning.
    picture = 0.9 * pictures_of(model, 1)[0] + rng.uniform(1, 9, 784)
    directions = rng.normal(0, 1, (12, 784))
    error = rng.normal(0, 1, 33)
    slopes = np.array(bench.evaluate(SLOPES, [picture.tolist(), directions.tolist(), error.tolist(), 1e-5]))
    assert np.abs(slopes[:, 0]).max() > 1e-3
    np.testing.assert_allclose(slopes[:, 1], slopes[:, 0], rtol=1e-3, atol=1e-4 * np.abs(slopes).max())


@pytest.mark.parametrize("name", MODELS)
def test_gradients_by_inputs_are_those_of_the_plain_mathematics(bench: Page, name: str) -> None:
    model = model_named(name)
    values = unit_floats(model.ink.of_pictures(pictures_of(model, 1)))[0].astype(np.float64)
    network = in_floats(model.network)
    reference = Reference(
        [weights.astype(np.float64) for weights in network.weights],
        [biases.astype(np.float64) for biases in network.biases],
        activation=network.activation,
    )
    target = np.eye(33)[4]
    _by_weights, by_biases = reference.gradients(values, target)
    expected = reference.weights[0].T @ by_biases[0]
    error = reference.outputs(values) - target
    found = bench.evaluate(PASSES, [f"/models/{model.sha256}.npz", model.sha256, values.tolist(), error.tolist()])
    logits, hidden, gradient = map(np.array, found)
    np.testing.assert_allclose(softmax(logits[np.newaxis])[0], reference.outputs(values), atol=ROUNDING)
    np.testing.assert_allclose(hidden, network.last_layers(values[np.newaxis].astype(np.float32))[0][0], atol=1e-4)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", MODELS)
def test_the_parts_of_the_ink_add_up_to_what_it_changes(bench: Page, name: str) -> None:
    model = loaded(bench, name)
    pictures = pictures_of(model, 2)
    for picture, (parts, odds, blank) in zip(
        pictures, bench.evaluate(CONTRIBUTIONS, [pictures.tolist(), 6]), strict=True
    ):
        size = np.abs(parts).sum()
        assert size > 0
        assert abs(sum(parts) - (odds - blank)) <= 0.02 * size
        assert not np.array(parts)[picture == model.ink.paper].any(), "where no ink is, none speaks"


@pytest.mark.parametrize("name", ["best", "tiny", "raw-28 relu"])
def test_the_changed_picture_is_read_as_the_other_letter(bench: Page, name: str) -> None:
    model = loaded(bench, name)
    pictures = pictures_of(model, 4 if name == "best" else 10)
    before = read(model, pictures)
    changes = bench.evaluate(CHANGES, [pictures.tolist(), None])
    found = [number for number, change in enumerate(changes) if change]
    assert len(found) >= FOUND * len(pictures)
    changed = np.array([changes[number][1] for number in found], np.uint8)
    letters = [changes[number][0] for number in found]
    assert read(model, changed) == letters, "Python reads what the page says"
    assert not np.equal(letters, np.array(before)[found]).any()
    sizes = [size(a, b) for a, b in zip(pictures[found], changed, strict=True)]
    assert np.median(sizes) < 0.15, "that much of the ink's length is changed"


def test_a_letter_can_be_asked_for(bench: Page) -> None:
    model = loaded(bench, "standard")
    pictures = pictures_of(model, 5)
    changes = bench.evaluate(CHANGES, [pictures.tolist(), 0])
    wanted = [change for change, letter in zip(changes, read(model, pictures), strict=True) if letter != 0]
    reached = [change for change in wanted if change]
    assert len(reached) >= FOUND * len(wanted)
    assert {letter for letter, _picture in reached} == {0}
    assert read(model, np.array([picture for _letter, picture in reached], np.uint8)) == [0] * len(reached)


def read(model: LoadedModel, pictures: NDArray[np.uint8]) -> list[int]:
    letters: list[int] = model.network.read_layers(model.ink.of_pictures(pictures))[1].argmax(axis=1).tolist()
    return letters


def size(before: NDArray[Any], after: NDArray[Any]) -> float:
    """Length of a change, as a share of the length of the ink."""
    change = after.astype(np.float64) - before
    ink = before.astype(np.float64) if before[0] == 0 else 255 - before.astype(np.float64)
    return float(np.linalg.norm(change) / np.linalg.norm(ink))
