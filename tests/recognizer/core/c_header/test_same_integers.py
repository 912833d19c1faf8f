"""The exported C gives the same integers as Python, bit for bit: on this machine, on ARM, on an ATmega328P."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.chip import toolchains
from benchmarks.chip.letters import letters, whole
from benchmarks.chip.toolchains import Answers
from benchmarks.harness import ROOT
from recognizer.core.c_header import to_header
from recognizer.core.ink import specification
from recognizer.core.model_card import ModelCard
from recognizer.core.model_file import ModelFile
from recognizer.core.precision import IntegerNetwork
from tests.product import need
from tests.recognizer.core.integer_reference import random_whole
from training.devices import chip_line
from training.devices.chip_rows import rows_of

Bytes = NDArray[np.uint8]
Run = Callable[[str, Path, Bytes], Answers]
PRECISIONS = ("int8", "int4", "int2")
FLASH, MEMORY, CYCLES = 30 * 1024, round(1.8 * 1024), 16_000_000
"""Bytes; cycles of a second."""


def same(model: ModelFile, folder: Path, run: Run = toolchains.on_host, pictures: Bytes | None = None) -> None:
    """Assert that the bytes of the input, the logits and the letters are those of Python."""
    pictures = letters()[0] if pictures is None else pictures
    answers = run(to_header(model), folder, pictures)
    inputs = specification(model.card.ink_specification).of_pictures(pictures)
    assert isinstance(model.network, IntegerNetwork)
    logits = model.network.whole_logits(inputs)
    assert (answers.inputs == inputs).all()
    assert (answers.logits == logits).all()
    assert (answers.letters == logits.argmax(axis=1)).all()


def random_model(sizes: tuple[int, ...], activation: str, precision: str, ink: str, letters: str) -> ModelFile:
    network = random_whole(np.random.default_rng(4), sizes, activation, precision)
    card = ModelCard(
        name="r", sizes=sizes, activation=activation, ink_specification=ink, created="2026-11-29", letters=letters,
        precision=precision, versions={},
    )  # fmt: skip
    return ModelFile(network, card, "0" * 64)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("name", ["tiny", "small"])
def test_more_than_2000_letters_by_gcc_with_its_sanitizers(name: str, precision: str, tmp_path: Path) -> None:
    need(toolchains.has_host(), "gcc")
    assert len(letters()[0]) > 2000
    same(whole(name, precision), tmp_path)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_more_than_2000_letters_on_arm(precision: str, tmp_path: Path) -> None:
    need(toolchains.has_arm(), "gcc-arm-linux-gnueabi with qemu-user")
    same(whole("tiny", precision), tmp_path, toolchains.on_arm)


@pytest.mark.parametrize(
    ("sizes", "activation", "precision", "ink", "letters"),
    [
        ((200, 7, 5, 42), "gelu", "int4", "directions-1-coarse", "".join(map(chr, range(0x410, 0x43A)))),
        ((800, 3, 2), "sigmoid", "int2", "directions-1-fine", "a😀"),
        ((392, 2), "relu", "int8", "directions-1", '"\\'),
        ((392, 9, 1), "relu", "int2", "directions-1", "?"),
    ],
)
def test_other_class_sets_grids_and_activations(
    sizes: tuple[int, ...], activation: str, precision: str, ink: str, letters: str, tmp_path: Path
) -> None:
    need(toolchains.has_host(), "gcc")
    model = random_model(sizes, activation, precision, ink, letters)
    same(model, tmp_path, pictures=np.random.default_rng(5).integers(0, 256, (300, 784), dtype=np.uint8))


def test_pictures_at_the_edges(tmp_path: Path) -> None:
    need(toolchains.has_host(), "gcc")
    rows = np.zeros((6, 28, 28), np.uint8)
    rows[1], rows[2, ::2], rows[3, :, ::2], rows[4, 0, 0], rows[5, 14:] = 255, 255, 255, 255, 255
    same(whole("tiny", "int8"), tmp_path, pictures=rows.reshape(6, -1))


@pytest.mark.parametrize("standard", ["-std=c++98", "-std=c++20"])
def test_it_is_c_plus_plus_too(standard: str, tmp_path: Path) -> None:
    need(toolchains.has_host(), "gcc")
    command = [
        "gcc",
        "-x",
        "c++",
        standard,
        "-Wall",
        "-Wextra",
        "-Werror",
        "-pedantic",
        "-DPROPIS_TWICE",
        "-DPROPIS_STROKES",
    ]
    toolchains.compiles(command, to_header(whole("tiny", "int4")), tmp_path)


def one_of_each(model: ModelFile) -> tuple[Bytes, list[int]]:
    """A picture of each letter that the model reads right, and the letters' indexes."""
    pictures, names = letters()
    assert isinstance(model.network, IntegerNetwork)
    inputs = specification(model.card.ink_specification).of_pictures(pictures)
    read = model.network.whole_logits(inputs).argmax(axis=1)
    places = {name: place for place, name in enumerate(names) if model.card.letters[read[place]] == name}
    order = [places[name] for name in model.card.letters]
    return pictures[order], list(range(len(order)))


@pytest.mark.parametrize(("name", "precision"), [("tiny", "int8"), ("tiny", "int4"), ("small", "int4")])
def test_all_33_letters_on_an_atmega328p(name: str, precision: str, tmp_path: Path) -> None:
    need(toolchains.has_chip(), "gcc-avr with avr-libc and libsimavr-dev")
    model = whole(name, precision)
    pictures, indexes = one_of_each(model)
    answers = toolchains.on_chip(to_header(model), tmp_path, pictures)
    assert isinstance(model.network, IntegerNetwork)
    inputs = specification(model.card.ink_specification).of_pictures(pictures)
    assert len(indexes) == 33
    assert answers.letters.tolist() == indexes
    assert (answers.logits == model.network.whole_logits(inputs)).all()
    assert answers.flash <= FLASH
    assert answers.memory <= MEMORY
    assert answers.most_cycles < CYCLES


def test_the_sketch_of_the_docs_prints_the_letters(tmp_path: Path) -> None:
    sketch = (toolchains.PROGRAMS / "sketch.ino").read_text(encoding="utf-8")
    assert sketch in (ROOT / "docs" / "arduino.md").read_text(encoding="utf-8")
    need(toolchains.has_chip(), "gcc-avr with avr-libc and libsimavr-dev")
    model = whole("tiny", "int4")
    pictures, _indexes = one_of_each(model)
    lines = toolchains.sketch_on_chip(to_header(model), tmp_path, pictures)
    assert isinstance(model.network, IntegerNetwork)
    logits = model.network.whole_logits(specification(model.card.ink_specification).of_pictures(pictures))
    assert lines == [f"{letter} {best}" for letter, best in zip(model.card.letters, logits.max(axis=1), strict=True)]


def test_the_benchmark_of_the_docs_prints_a_line_that_can_be_pasted(tmp_path: Path) -> None:
    sketch = (toolchains.PROGRAMS / "benchmark.ino").read_text(encoding="utf-8")
    assert sketch in (ROOT / "docs" / "arduino.md").read_text(encoding="utf-8")
    need(toolchains.has_chip(), "gcc-avr with avr-libc and libsimavr-dev")
    model = whole("tiny", "int4")
    pictures, indexes = one_of_each(model)
    wrong = [*indexes[1:4], *indexes[3:6]]  # three of six are not what Python reads
    text, flash = toolchains.line_of_chip(to_header(model), tmp_path, rows_of(pictures[:6], wrong))
    line = chip_line.read(text)
    assert (line.model, line.images, line.correct) == (model.sha256[:16], 6, 3)
    assert line.flash_bytes == flash
    assert 1_000 < line.memory_bytes < MEMORY
    assert 40_000 < line.mean < 1e6 * CYCLES / 16e6
