"""Model files: what is written is read, and what strangers made up is refused in one sentence."""

import hashlib
import io
import json
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recognizer.core import model_file
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.model_file import ModelCard, ModelFileError, read, to_bytes, write
from recognizer.core.network import Network
from recognizer.core.precision import in_floats
from tests.recognizer.core.networks import random_network

NETWORK = random_network(784, 6, 33)
CARD = ModelCard.of(
    NETWORK,
    name="tiny",
    ink_specification="moments-1",
    title="Крошечная сеть",
    created="2026-11-23T12:00:00+00:00",
    seed=7,
    data_sets={"made-up": {"images": 12, "sha256": "0" * 64}},
    recipe={"epochs": 3, "hidden_layers": [6], "learning_rate": 0.01},
    accuracy={"made-up": 0.5},
    licence="MIT",
    credits=("Nobody",),
    parent="a" * 64,
)
GOOD = to_bytes(NETWORK, CARD)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(
    hidden=st.lists(st.integers(1, 9), max_size=3),
    letters=st.lists(st.sampled_from(RUSSIAN), min_size=1, max_size=33, unique=True),
    activation=st.sampled_from(["relu", "sigmoid", "gelu"]),
    precision=st.sampled_from(["fp32", "fp16"]),
    recipe=st.dictionaries(texts, json_values, max_size=3),
    accuracy=st.dictionaries(texts, st.floats(0, 1), max_size=2),
    seed=st.none() | st.integers(-(2**63), 2**63 - 1),
)
def test_round_trip(
    hidden: list[int], letters: list[str], activation: str, precision: str, recipe: Any, accuracy: Any, seed: int | None
) -> None:
    network = random_network(784, *hidden, len(letters), activation=activation)
    card = ModelCard.of(
        network,
        name="any",
        ink_specification="raw-28",
        letters="".join(letters),
        precision=precision,
        recipe=recipe,
        accuracy=accuracy,
        seed=seed,
    )
    content = to_bytes(network, card)
    found = read(content)
    assert found.card == card
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.network.activation == activation
    rounded = np.float16 if precision == "fp16" else np.float32
    for array, original in zip(in_floats(found.network).weights, network.weights, strict=True):
        assert array.dtype == np.float32
        assert (array == original.astype(rounded)).all()
    assert to_bytes(found.network, found.card) == content


def test_write_is_whole_and_readable(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(b"an older file")
    sha256 = write(path, NETWORK, CARD)
    assert sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == read(path).sha256
    assert path.read_bytes() == GOOD
    assert read(str(path)).network.weights_sha256() == NETWORK.weights_sha256()
    assert [each.name for each in tmp_path.iterdir()] == ["model.npz"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_numpy_alone_can_open_it() -> None:
    with np.load(io.BytesIO(GOOD), allow_pickle=False) as arrays:
        assert arrays.files == ["card.json", "weights_1", "weights_2", "biases_1", "biases_2"]
        assert (arrays["weights_2"] == NETWORK.weights[1]).all()
        assert json.loads(arrays["card.json"])["title"] == "Крошечная сеть"


def test_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(b"an older file")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(path, NETWORK, CARD)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("model.npz", b"an older file")]


def test_half_file_is_half_as_large() -> None:
    half = to_bytes(NETWORK, ModelCard(**{**CARD.__dict__, "precision": "fp16"}))
    assert len(GOOD) - len(half) == 2 * NETWORK.parameter_count


# What strangers send. Each of these makes bad bytes out of the good file's members.

Members = dict[str, bytes]


def members_of(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: Members, compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_member(name: str, content: bytes) -> bytes:
    return packed({**members_of(GOOD), name: content})


def without_member(name: str) -> bytes:
    return packed({key: value for key, value in members_of(GOOD).items() if key != name})


def with_card(**changes: Any) -> bytes:
    card = {**json.loads(members_of(GOOD)["card.json"]), **changes}
    return with_member("card.json", json.dumps(card).encode())


def nested(depth: int) -> Any:
    return [nested(depth - 1)] if depth else []


def infinite() -> bytes:
    """A number that JSON can write and a float cannot hold."""
    return members_of(GOOD)["card.json"].replace(b'"learning_rate": 0.01', b'"learning_rate": 1e400')


def with_array(name: str, array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return with_member(name, buffer.getvalue())


def with_header(name: str, text: str) -> bytes:
    line = text.encode() + b" " * (-(len(text) + 11) % 64) + b"\n"
    return with_member(name, b"\x93NUMPY\x01\x00" + struct.pack("<H", len(line)) + line)


def with_value(value: float) -> bytes:
    weights = NETWORK.weights[0].copy()
    weights[3, 100] = value
    return with_array("weights_1.npy", weights)


def doubled() -> bytes:
    buffer = io.BytesIO(GOOD)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("card.json", b"{}")
    return buffer.getvalue()


def bomb() -> bytes:
    return packed({**members_of(GOOD), "weights_1.npy": b"\0" * 100_000_000}, zipfile.ZIP_DEFLATED)


def claiming_to_be_large() -> bytes:
    """The central directory says that the first array is of 3 GB."""
    at = GOOD.rindex(b"PK\x01\x02", 0, GOOD.rindex(b"weights_1.npy"))
    return GOOD[: at + 20] + struct.pack("<II", 3 << 30, 3 << 30) + GOOD[at + 28 :]


def encrypted() -> bytes:
    at = GOOD.index(b"PK\x01\x02")
    return GOOD[: at + 8] + struct.pack("<H", 1) + GOOD[at + 10 :]


class Pickled:
    """Would run code where it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return pytest.fail, ("The file was unpickled.",)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "not a model file"),
    "text": (lambda: b"What is this?", "not a model file"),
    "a pickle": (lambda: pickle.dumps(Pickled()), "not a model file"),
    "a bare array": (lambda: members_of(GOOD)["weights_1.npy"], "not a model file"),
    "cut off": (lambda: GOOD[: len(GOOD) // 2], "damaged or cut off"),
    "cut at the end": (lambda: GOOD[:-30], "damaged or cut off"),
    "a flipped bit": (lambda: GOOD[:5000] + bytes([GOOD[5000] ^ 1]) + GOOD[5001:], "damaged or cut off"),
    "too large": (lambda: GOOD + b"\0" * model_file.MAX_FILE_BYTES, "larger than"),
    "an empty zip": (lambda: packed({}), r"has no card\.json"),
    "another zip": (lambda: packed({"letter.txt": b"hello"}), r"has no card\.json"),
    "no card": (lambda: without_member("card.json"), r"has no card\.json"),
    "a member twice": (doubled, "or twice"),
    "many members": (lambda: packed({**members_of(GOOD), **{str(i): b"" for i in range(99)}}), "too many"),
    "no biases": (lambda: without_member("biases_2.npy"), "nothing else"),
    "something more": (lambda: with_member("../evil.npy", b""), "nothing else"),
    "a zip bomb": (bomb, "compressed or encrypted"),
    "an encrypted member": (encrypted, "compressed or encrypted"),
    "a huge size claimed": (claiming_to_be_large, "does not have the size"),
    "a huge card": (lambda: with_member("card.json", b" " * (1 << 19)), "card is longer"),
    "a card of no text": (lambda: with_member("card.json", b"\xff\xfe{}"), "not valid JSON"),
    "a card cut off": (lambda: with_member("card.json", b'{"name": '), "not valid JSON"),
    "a deep card": (lambda: with_member("card.json", b"[" * 100_000), "not valid JSON"),
    "a list for a card": (lambda: with_member("card.json", b"[]"), "not a JSON object"),
    "a card with NaN": (lambda: with_card(accuracy={"a": float("nan")}), "not valid JSON"),
    "an empty card": (lambda: with_member("card.json", b"{}"), "lacks keys"),
    "a card with more keys": (lambda: with_card(evil=1), "“evil”"),
    "a later format": (lambda: with_member("card.json", b'{"format": 2, "new": 1}'), "has format 2.*update it"),
    "format 0": (lambda: with_card(format=0), "bad “format”"),
    "format as text": (lambda: with_card(format="1"), "bad “format”"),
    "sizes as a number": (lambda: with_card(sizes=784), "bad “sizes”"),
    "sizes as texts": (lambda: with_card(sizes=["784", "33"]), "bad “sizes”"),
    "sizes as truths": (lambda: with_card(sizes=[784, True]), "bad “sizes”"),
    "other inputs": (lambda: with_card(sizes=[100, 6, 33]), "reads 100 inputs, but .* moments-1, makes 784"),
    "pictures for directions": (lambda: with_card(ink_specification="directions-1"), "784 .* directions-1, makes 392"),
    "no neurons": (lambda: with_card(sizes=[784, 0, 33]), "bad “sizes”"),
    "one layer": (lambda: with_card(sizes=[784]), "bad “sizes”"),
    "seventeen layers": (lambda: with_card(sizes=[784] + [1] * 16 + [33]), "bad “sizes”"),
    "huge sizes": (lambda: with_card(sizes=[784, 15_000_000, 33]), "more than 16,000,000 parameters"),
    "sizes beyond numbers": (lambda: with_card(sizes=[784, 10**30, 33]), "bad “sizes”"),
    "sizes that do not chain": (lambda: with_card(sizes=[784, 7, 33]), "does not have the size"),
    "as many bytes in another shape": (lambda: with_array("weights_1.npy", NETWORK.weights[0].T.copy()), "of shape"),
    "columns first": (lambda: with_array("weights_1.npy", np.asfortranarray(NETWORK.weights[0])), "of shape"),
    "doubles": (lambda: with_array("biases_1.npy", np.zeros(6)), "does not have the size"),
    "whole numbers": (lambda: with_array("biases_1.npy", np.zeros(6, np.int32)), "of shape"),
    "big-endian": (lambda: with_array("biases_1.npy", np.zeros(6, ">f4")), "of shape"),
    "objects": (lambda: with_array("biases_1.npy", np.array([Pickled()] * 6)), "does not have the size"),
    "a huge shape": (
        lambda: with_header("biases_1.npy", "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999,), }"),
        "does not have the size",
    ),
    "no header": (lambda: with_member("biases_1.npy", b"\0" * (128 + 24)), "of shape"),
    "half the bits": (lambda: with_card(precision="fp16"), "does not have the size"),
    "NaN": (lambda: with_value(float("nan")), "infinite or not numbers"),
    "infinity": (lambda: with_value(float("-inf")), "infinite or not numbers"),
    "an unknown activation": (lambda: with_card(activation="tanh"), "bad “activation”: it must be one of sigmoid"),
    "an unknown ink": (
        lambda: with_card(ink_specification="moments-9"),
        "“moments-9”; there are: raw-28, moments-1",
    ),
    "an unknown precision": (lambda: with_card(precision="int8"), "bad “precision”"),
    "a list for a name": (lambda: with_card(activation=["relu"]), "bad “activation”"),
    "an empty name": (lambda: with_card(name=""), "bad “name”"),
    "a name of two lines": (lambda: with_card(name="a\nb"), "bad “name”"),
    "half a surrogate pair": (lambda: with_card(title="\ud800"), "bad “title”"),
    "too few letters": (lambda: with_card(letters=RUSSIAN[:-1]), "names 32 letters, but its last layer has 33"),
    "a letter twice": (lambda: with_card(letters="А" + RUSSIAN[:-1]), "bad “letters”"),
    "no date": (lambda: with_card(created="yesterday"), "bad “created”"),
    "accuracy of 150 %": (lambda: with_card(accuracy={"a": 1.5}), "bad “accuracy”"),
    "accuracy as a truth": (lambda: with_card(accuracy={"a": True}), "bad “accuracy”"),
    "credits as text": (lambda: with_card(credits="Me"), "bad “credits”"),
    "credits of numbers": (lambda: with_card(credits=[1]), "bad “credits”"),
    "a recipe as text": (lambda: with_card(recipe="stir"), "bad “recipe”"),
    "versions of numbers": (lambda: with_card(versions={"numpy": 2}), "bad “versions”"),
    "a seed of halves": (lambda: with_card(seed=0.5), "bad “seed”"),
    "a seed of many digits": (lambda: with_card(seed=10**30), "bad “seed”"),
    "NUL in a value": (lambda: with_card(recipe={"a": ["b", {"c": "d\0"}]}), r"bad “recipe”: .*U\+0000"),
    "NUL in a key": (lambda: with_card(data_sets={"a\0": {}}), r"bad “data_sets”: .*U\+0000"),
    "half a surrogate pair in a value": (lambda: with_card(data_sets={"a": {"b": "\udfff"}}), r"U\+DFFF"),
    "half a surrogate pair in a key": (lambda: with_card(accuracy={"\ud83d": 0.5}), r"bad “accuracy”: .*U\+D83D"),
    "half a surrogate pair as a key": (lambda: with_card(**{"\ud800": 1}), "that it should not: “\ufffd”"),
    "an escape sequence": (lambda: with_card(credits=["\x1b[2J"]), r"bad “credits”: .*U\+001B"),
    "the year 1": (lambda: with_card(created="0001-01-01T00:00:00+23:59"), "bad “created”: .*1970 to 2199"),
    "the year 9999": (lambda: with_card(created="9999-12-31T23:59:59-23:59"), "bad “created”"),
    "30 February": (lambda: with_card(created="2026-02-30T10:00:00"), "bad “created”"),
    "a recipe 400 deep": (lambda: with_card(recipe={"a": nested(400)}), "bad “recipe”: it is nested more than 8 deep"),
    "8,000 keys": (lambda: with_card(recipe={f"k{i}": i for i in range(8000)}), "bad “recipe”: .*5,000 values"),
    "8,000 data sets": (
        lambda: with_card(accuracy={f"k{i}": 0.5 for i in range(8000)}),
        "bad “accuracy”: .*at most 100",
    ),
    "101 lines of credits": (lambda: with_card(credits=["me"] * 101), "bad “credits”: .*at most 100"),
    "a long title": (lambda: with_card(title="x" * 10_001), "bad “title”: it has a text of 10,001 characters"),
    "a long key": (lambda: with_card(versions={"x" * 201: "1"}), "bad “versions”: it has a key of 201 characters"),
    "an infinite number": (lambda: with_member("card.json", infinite()), "bad “recipe”: .*infinite"),
    "a number of many digits": (lambda: with_card(recipe={"rate": 10**400}), "bad “recipe”: .*64 bits"),
    "251 letters": (lambda: with_card(letters="".join(map(chr, range(0x4E00, 0x4E00 + 251)))), "bad “letters”"),
    "a space for a letter": (lambda: with_card(letters=" " + RUSSIAN[1:]), "bad “letters”"),
    "no such parent": (lambda: with_card(parent="abc"), "bad “parent”"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_file_is_refused_in_one_sentence(what: str) -> None:
    make, message = BAD[what]
    with pytest.raises(ModelFileError, match=message) as caught:
        read(make())
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 250


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damage_anywhere_is_refused_or_harmless(data: st.DataObject) -> None:
    """Some bytes are not looked at (dates of members); the rest must not be misread."""
    directory = GOOD.index(b"PK\x01\x02")
    at = data.draw(st.integers(0, len(GOOD) - 1) | st.integers(directory, len(GOOD) - 1) | st.integers(0, 3000))
    damage = data.draw(st.binary(min_size=1, max_size=8))
    try:
        found = read(GOOD[:at] + damage + GOOD[at + len(damage) :])
    except ModelFileError:
        return
    assert found.card == CARD
    assert found.network.weights_sha256() == NETWORK.weights_sha256()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(GOOD) - 1))
def test_truncated_anywhere_is_refused(length: int) -> None:
    with pytest.raises(ModelFileError):
        read(GOOD[:length])


def test_missing_file_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.npz")


def test_file_that_grows_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "sparse.npz"
    with path.open("wb") as file:
        file.truncate(50 << 30)
    with pytest.raises(ModelFileError, match="larger than"):
        read(path)


@pytest.mark.parametrize(
    ("network", "changes", "message"),
    [
        (random_network(784, 5, 33), {}, "other layer sizes"),
        (random_network(784, 6, 33, activation="sigmoid"), {}, "another activation"),
        (NETWORK, {"recipe": {"when": object()}}, "JSON cannot"),
        (NETWORK, {"recipe": {"rate": float("inf")}}, "infinite"),
        (NETWORK, {"recipe": {"notes": "x" * (1 << 19)}}, "a text of 524,288 characters"),
        (NETWORK, {"recipe": {str(number): "x" * 9_000 for number in range(30)}}, "longer than"),
    ],
)
def test_what_cannot_be_written(network: Network, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelFileError, match=message):
        to_bytes(network, ModelCard(**{**CARD.__dict__, **changes}))


@pytest.mark.parametrize(("value", "message"), [(np.nan, "not numbers"), (1e6, "too large for float16")])
def test_parameters_that_cannot_be_written(value: float, message: str) -> None:
    biases = (np.full(6, value, np.float32), NETWORK.biases[1])
    card = ModelCard(**{**CARD.__dict__, "precision": "fp16"})
    with pytest.raises(ModelFileError, match=message):
        to_bytes(Network(NETWORK.weights, biases, "relu"), card)
