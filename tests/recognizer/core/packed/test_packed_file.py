"""Packed model files: small, whole, and read right or refused in one sentence."""

import dataclasses
import io
import json
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.core import model_file, packed
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.doubt import Doubt
from recognizer.core.model_file import ModelCard, ModelFileError
from recognizer.core.packed.card import MAX_BYTES
from recognizer.core.packed.member import HEAD
from recognizer.core.precision import AnyNetwork, IntegerNetwork, to_precision
from recognizer.core.zipped import archive_of
from tests.recognizer.core.integer_reference import random_whole
from tests.recognizer.core.networks import random_network

SIZES = (200, 12, 9, 33)
INPUTS = np.random.default_rng(5).integers(0, 256, (40, SIZES[0]), dtype=np.uint8)
PARENT = "a1" * 32
NO_DOUBT = Doubt()


def network_of(precision: str, activation: str = "relu", seed: int = 1) -> AnyNetwork:
    """A network that is stored as it is in this precision."""
    if precision in ("fp16", "int8-weights"):
        return to_precision(random_network(*SIZES, activation=activation, seed=seed), precision)
    return random_whole(np.random.default_rng(seed), SIZES, activation, precision)


def doubt_of(kinds: int) -> Doubt:
    """A doubt with so many kinds of non-letters."""
    rng = np.random.default_rng(3)
    if not kinds:
        return Doubt(0.6123, 3.25)
    names = tuple(str(number) for number in range(1, kinds + 1))
    return Doubt(0.6123, -2.5, names, rng.normal(size=(kinds, SIZES[-2])), rng.normal(size=kinds)).rounded()


def card_of(network: AnyNetwork, precision: str, doubt: Doubt = NO_DOUBT, **changes: Any) -> ModelCard:
    """A card with all that a packed file keeps."""
    fields: dict[str, Any] = {
        "name": "tiny int4",
        "created": "2026-11-29",
        "letters": RUSSIAN,
        "parent": PARENT,
        "accuracy": {"cmnist": 0.9711, "comnist": 0.9593},
        "versions": {},
        **changes,
    }
    card = ModelCard(
        sizes=network.sizes,
        activation=network.activation,
        ink_specification="directions-1-coarse",
        precision=precision,
        **fields,
    )
    return card.with_doubt(doubt)


@pytest.mark.parametrize("activation", ["relu", "gelu", "sigmoid"])
@pytest.mark.parametrize("precision", packed.PACKED)
@pytest.mark.parametrize("kinds", [0, 5])
def test_what_is_written_is_read(precision: str, activation: str, kinds: int) -> None:
    network, doubt = network_of(precision, activation), doubt_of(kinds)
    content = model_file.to_bytes(network, card_of(network, precision, doubt), is_packed=True)
    found = model_file.read(content)
    for ours, theirs in zip(found.network.read_layers(INPUTS), network.read_layers(INPUTS), strict=True):
        assert (ours == theirs).all()
    assert found.network.weights_sha256() == network.weights_sha256()
    assert dataclasses.replace(found.card, recipe={}) == dataclasses.replace(card_of(network, precision), recipe={})
    read = found.card.doubt()
    assert (read.temperature, read.threshold, len(read.kinds)) == (0.6123, doubt.threshold, kinds)
    if read.weights is not None and doubt.weights is not None:
        assert (np.abs(read.weights - doubt.weights) <= np.abs(doubt.weights).max() / 250).all()
        assert read.biases == pytest.approx(doubt.biases)
    assert model_file.to_bytes(found.network, found.card, is_packed=True) == content


def test_sizes_in_bytes() -> None:
    """The shapes of the shipped models: what is not weights is little."""
    for sizes, precision, most in [
        ((392, 256, 128, 33), "fp16", 0.51 * 4 * 137_761),
        ((392, 256, 128, 33), "int8", 0.27 * 4 * 137_761),
        ((392, 256, 128, 33), "int4", 0.15 * 4 * 137_761),
        ((200, 32, 32, 33), "int4", 5 * 1024),
        ((392, 64, 32, 33), "int4", 15 * 1024),
    ]:
        whole = precision != "fp16"
        network = random_whole(np.random.default_rng(1), sizes, "relu", precision) if whole else random_network(*sizes)
        ink = "directions-1-coarse" if sizes[0] == 200 else "directions-1"
        card = dataclasses.replace(
            card_of(network_of("int4"), "int4", doubt_of(0)), sizes=sizes, precision=precision, ink_specification=ink
        )
        assert len(model_file.to_bytes(network, card, is_packed=True)) <= most


def test_one_member_that_begins_with_a_short_card() -> None:
    network = network_of("int4")
    content = model_file.to_bytes(network, card_of(network, "int4"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["packed"]
        member = archive.read("packed")
    magic, version, length = HEAD.unpack_from(member)
    assert (magic, version) == (b"PRPS", 1)
    assert json.loads(member[7 : 7 + length])["parent"] == PARENT
    assert length <= MAX_BYTES


def test_a_card_without_room_leaves_its_accuracies_out_or_is_refused() -> None:
    network = network_of("int4")
    many = {f"data set {number}": 0.5 for number in range(30)}
    found = model_file.read(model_file.to_bytes(network, card_of(network, "int4", accuracy=many)))
    assert found.card.accuracy == {}
    with pytest.raises(ModelFileError, match=r"at most 600 bytes, not 6\d\d: .*shorter name"):
        model_file.to_bytes(network, card_of(network, "int4", name="\N{MATHEMATICAL BOLD SMALL A}" * 100))


@pytest.mark.parametrize("letters", [RUSSIAN[:2], RUSSIAN + "ІЇЄҐЎЂЋЏZ"])
def test_other_class_sets(letters: str) -> None:
    network = random_whole(np.random.default_rng(2), (200, 7, len(letters)), "relu", "int4")
    found = model_file.read(model_file.to_bytes(network, card_of(network, "int4", letters=letters)))
    assert found.card.letters == letters


def test_network_and_card_must_agree() -> None:
    network = network_of("int4")
    with pytest.raises(ModelFileError, match="another precision"):
        model_file.to_bytes(network, card_of(network, "int8"))
    with pytest.raises(ModelFileError, match="another precision"):
        model_file.to_bytes(network, card_of(network, "fp32"))
    floats = random_network(*SIZES)
    with pytest.raises(ModelFileError, match="not packed as int4"):
        model_file.to_bytes(floats, card_of(floats, "int4"))
    with pytest.raises(ModelFileError, match="other layer sizes"):
        model_file.to_bytes(random_network(200, 33), card_of(network, "fp16"))


# What strangers send.


def member_of(precision: str, activation: str = "relu", kinds: int = 0) -> bytes:
    network = network_of(precision, activation)
    content = model_file.to_bytes(network, card_of(network, precision, doubt_of(kinds)), is_packed=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("packed")


GOOD = {each: member_of(*each) for each in [("int4", "relu", 2), ("int8", "gelu", 0), ("fp16", "relu", 0)]}
INT4 = GOOD["int4", "relu", 2]


def file_of(member: bytes) -> bytes:
    return archive_of({"packed": member})


def with_card(**changes: Any) -> bytes:
    """The int4 file with another card; None takes a key away."""
    length = HEAD.unpack_from(INT4)[2]
    card = {**json.loads(INT4[7 : 7 + length]), **changes}
    text = json.dumps({key: value for key, value in card.items() if value is not None}).encode()
    return file_of(HEAD.pack(b"PRPS", 1, len(text)) + text + INT4[7 + length :])


def infinite_scale() -> bytes:
    network = random_whole(np.random.default_rng(1), SIZES, "relu", "int4")
    with zipfile.ZipFile(io.BytesIO(model_file.to_bytes(network, card_of(network, "int4")))) as archive:
        return file_of(archive.read("packed")[:-4] + struct.pack("<f", float("inf")))


def overflowing() -> bytes:
    """Biases as large as they get."""
    network = random_whole(np.random.default_rng(1), SIZES, "relu", "int4")
    with zipfile.ZipFile(io.BytesIO(model_file.to_bytes(network, card_of(network, "int4")))) as archive:
        member = bytearray(archive.read("packed"))
    at = 7 + HEAD.unpack_from(member)[2] + 12 * 100
    member[at : at + 25] = b"\xff\x7f" * 12 + b"\x0f"
    return file_of(bytes(member))


def deflated() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("packed", INT4)
    return buffer.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut short": (lambda: file_of(INT4)[:-100], "damaged or cut off"),
    "parameters cut short": (lambda: file_of(INT4[:-1]), "parameters have .* bytes; those of the card's network have"),
    "something more": (lambda: file_of(INT4 + b"\0"), "parameters have .* bytes; those of the card's network have"),
    "a wrong count": (lambda: with_card(sizes=[200, 12, 10, 33]), "parameters have .* bytes"),
    "nothing": (lambda: file_of(b""), "not a packed model file, or it is cut off"),
    "another magic": (lambda: file_of(b"PROP" + INT4[4:]), "not a packed model file"),
    "an unknown version": (lambda: file_of(INT4[:4] + b"\2" + INT4[5:]), "version 2, and .* version 1: update it"),
    "a card cut off": (lambda: file_of(INT4[:100]), "too long, or cut off"),
    "a long card": (lambda: file_of(HEAD.pack(b"PRPS", 1, 601) + b" " * 700), "too long, or cut off"),
    "a card of no text": (lambda: file_of(HEAD.pack(b"PRPS", 1, 2) + b"\xff\xfe"), "not valid JSON"),
    "a list for a card": (lambda: file_of(HEAD.pack(b"PRPS", 1, 2) + b"[]"), "not a JSON object"),
    "a key missing": (lambda: with_card(letters=None), "lacks keys.*“letters”"),
    "a key too many": (lambda: with_card(recipe={}), "should not: “recipe”"),
    "an unknown ink": (lambda: with_card(ink_specification="moments-9"), "“moments-9”; there are"),
    "another ink": (lambda: with_card(ink_specification="directions-1"), "200 inputs, but .* makes 392"),
    "an unknown precision": (lambda: with_card(precision="int3"), "bad “precision”"),
    "fp32": (lambda: with_card(precision="fp32"), "does not hold the precision fp32"),
    "an unknown activation": (lambda: with_card(activation="tanh"), "bad “activation”"),
    "sizes as a number": (lambda: with_card(sizes=200), "bad “sizes”"),
    "huge sizes": (lambda: with_card(sizes=[200, 15_000_000, 33]), "more than 16,000,000 parameters"),
    "kinds beyond number": (lambda: with_card(non_letters=65), "bad “non_letters”"),
    "kinds as a truth": (lambda: with_card(non_letters=True), "bad “non_letters”"),
    "a temperature of 0": (lambda: with_card(temperature=0), "bad “doubt”"),
    "too few letters": (lambda: with_card(letters=RUSSIAN[:-1]), "names 32 letters"),
    "a parent that is none": (lambda: with_card(parent="a1"), "bad “parent”"),
    "an infinite scale": (infinite_scale, "infinite or not numbers"),
    "an overflow": (overflowing, "sums of layer 1 can overflow in int4"),
    "compressed": (deflated, "compressed or encrypted"),
    "another date": (lambda: file_of(INT4).replace(struct.pack("<H", 33), struct.pack("<H", 34)), "not as it was"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_files_are_refused_in_one_sentence(what: str) -> None:
    content, words = BAD[what]
    with pytest.raises(ModelFileError, match=words) as caught:
        model_file.read(content())
    assert "\n" not in str(caught.value)


def damaged(content: bytes, edits: list[tuple[float, int]], cut: float) -> bytes:
    """The bytes with some changed, and perhaps cut short."""
    changed = bytearray(content)
    for place, value in edits:
        changed[int(place * (len(changed) - 1))] = value
    return bytes(changed[: int(cut * len(changed))])


EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=4)
CUTS = st.just(1.0) | st.floats(0, 1)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(GOOD)), EDITS, CUTS)
def test_a_damaged_file_is_refused(which: tuple[str, str, int], edits: list[tuple[float, int]], cut: float) -> None:
    content = file_of(GOOD[which])
    changed = damaged(content, edits, cut)
    if changed == content:
        model_file.read(changed)
    else:
        with pytest.raises(ModelFileError):
            model_file.read(changed)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(GOOD)), EDITS, CUTS, st.booleans())
def test_a_forged_member_is_read_as_it_stands_or_refused(
    which: tuple[str, str, int], edits: list[tuple[float, int]], cut: float, in_head: bool
) -> None:
    """The archive is whole, so its checksums say nothing."""
    member = GOOD[which]
    head = 600 if in_head else len(member)
    changed = damaged(member[:head], edits, 1.0) + member[head:]
    try:
        found = model_file.read(file_of(changed[: int(cut * len(changed))]))
    except ModelFileError:
        return
    assert found.network.sizes == found.card.sizes
    with np.errstate(over="ignore", invalid="ignore"):
        _hidden, logits = found.network.read_layers(INPUTS[:3])
    assert logits.shape == (3, len(found.card.letters))
    if isinstance(found.network, IntegerNetwork):
        assert np.isfinite(logits).all()
        again = model_file.read(model_file.to_bytes(found.network, found.card))
        assert (again.network.read_layers(INPUTS[:3])[1] == logits).all()
