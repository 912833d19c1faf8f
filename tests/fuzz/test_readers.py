"""Every reader of foreign bytes, given damaged ones: it reads them, or says what is wrong in its own error.

The damage is drawn from a seed, so that what fails once fails again; `ROUNDS` bounds the time.
"""

import gzip
import io
import random
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pytest_django import Settings

from recognizer.core import model_file
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink.errors import InkError
from recognizer.core.ink.strokes import frame_from_strokes
from recognizer.core.model_card import ModelFileError
from recognizer.core.model_file import ModelCard
from recognizer.pictures import PictureError, decode
from tests.recognizer.core.networks import random_network
from tests.training.core.test_checkpoint import state
from tests.training.datasets import making
from training.core import checkpoint
from training.core.checkpoint import CheckpointError
from training.datasets.archives import ArchiveLimits, open_archive
from training.datasets.errors import DatasetError
from training.datasets.layouts import find_plan

ROUNDS = 60
SNIPPETS = (
    *(
        b"(",
        b"[",
        b"{",
        b"'",
        b'"',
        b",",
        b";",
        b"\n",
        b"\r",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x80",
        b"%",
        b"..",
        b"/",
    ),
    *(b"-1", b"1e999", b"nan", b"99999999999", b"sep=", b"\\", b"PK\x01\x02", b"#U0416"),
)
LIMITS = ArchiveLimits(files=2000, total_bytes=2**24, file_bytes=2**22)


BOTH = {"read", "refused"}
"""Damage must do both, or a test would show only that its damage is too mild, or too coarse."""


def outcome(error: type[Exception], read: Callable[[], object]) -> str:
    """Whether something is read or refused; any other error fails the test. A refusal is one line of text."""
    try:
        read()
    except error as refusal:
        message = str(refusal)
    else:
        return "read"
    assert message.strip(), "the refusal says nothing"
    assert len(message.splitlines()) == 1, message
    return "refused"


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Change some bytes: others put in their place, put between them, cut out, doubled, or the end cut off."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        place = rng.randrange(len(changed) + 1)
        length = rng.choice((1, 1, 2, 4, 16))
        kind = rng.randrange(6)
        if kind == 0:
            changed[place : place + length] = rng.randbytes(length)
        elif kind == 1:
            changed[place:place] = rng.choice(SNIPPETS)
        elif kind == 2:
            changed[place : place + length] = rng.choice(SNIPPETS)
        elif kind == 3:
            del changed[place : place + length]
        elif kind == 4:
            changed[place:place] = changed[place : place + length]
        else:
            del changed[place:]
    return bytes(changed)


def letters() -> dict[str, bytes]:
    """Pictures in folders."""
    return making.folders(1)


def tables() -> dict[str, bytes]:
    """Pictures beside a table."""
    rows = "file,letter,split,writer\n1.png,А,train,7\nset\\2.png,б,test,8\n"
    return {"1.png": making.png(1), "set/2.png": making.png(2), "t.csv": rows.encode()}


def npy(values: object) -> bytes:
    """An array."""
    file = io.BytesIO()
    np.save(file, values)  # type: ignore[arg-type]
    return file.getvalue()


IMAGES = np.stack([decode(making.png(number, side=8)) for number in range(3)])


def arrays() -> dict[str, bytes]:
    """Arrays of pictures."""
    return {"images.npy": npy(IMAGES), "labels.npy": npy(np.arange(3)), "letters.npy": npy(np.array(list("АБВ")))}


def idx() -> dict[str, bytes]:
    """Pictures as MNIST has them."""
    return {
        "train-images-idx3-ubyte": struct.pack(">4I", 0x803, 3, 8, 8) + IMAGES.tobytes(),
        "train-labels-idx1-ubyte": struct.pack(">2I", 0x801, 3) + bytes(range(3)),
    }


def pixels() -> dict[str, bytes]:
    """A CSV of pixels, plain and gzipped."""
    rows = "\n".join(",".join(map(str, [number, *image.ravel()])) for number, image in enumerate(IMAGES))
    return {"p.csv": rows.encode()}


def packed() -> dict[str, bytes]:
    """A gzipped table."""
    return {"p.csv.gz": gzip.compress(pixels()["p.csv"])}


CONTENTS: tuple[Callable[[], dict[str, bytes]], ...] = (letters, tables, arrays, idx, pixels, packed)


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """A zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return file.getvalue()


def tarred(contents: Mapping[str, bytes]) -> bytes:
    """A tar."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


def read_archive(path: Path) -> bool:
    """Look at an archive and read all pictures that it is said to have; whether every one of them was read."""
    outcomes = set()
    with open_archive(path, LIMITS) as archive:
        plan = find_plan(archive, RUSSIAN)
        for content in plan.archive.read(plan.places.__contains__):
            if not content.fault:
                outcomes.add(outcome(PictureError, partial(decode, content.data)))
    return outcomes == {"read"}


@pytest.fixture(autouse=True)
def small(settings: Settings) -> None:
    """Limits that keep a lying header from taking the machine's memory."""
    settings.PROPIS_LIMITS = {**settings.PROPIS_LIMITS, "picture_pixels": 1_000_000}


@pytest.mark.filterwarnings("ignore")  # of damaged data numpy, Pillow and zipfile warn
@pytest.mark.parametrize("make", CONTENTS)
def test_damaged_files_in_an_archive(make: Callable[[], dict[str, bytes]], tmp_path: Path) -> None:
    good = make()
    rng = random.Random(make.__name__)
    outcomes = set()
    for number in range(ROUNDS):
        name = rng.choice(list(good))
        contents = {**good, name: damaged(good[name], rng)}
        outcomes.add(outcome_of_archive(tmp_path / f"{number}.zip", zipped(contents)))
    assert outcomes == BOTH


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize("make", [letters, tables, arrays])
def test_damaged_archives(
    make: Callable[[], dict[str, bytes]], pack: Callable[[Mapping[str, bytes]], bytes], tmp_path: Path
) -> None:
    good = pack(make())
    rng = random.Random(make.__name__ + pack.__name__)
    archives = [(tmp_path / f"{number}.zip", damaged(good, rng)) for number in range(ROUNDS)]
    assert {outcome_of_archive(*archive) for archive in archives} == BOTH


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["p.csv", "p.csv.gz"])
def test_damaged_tables_alone(name: str, tmp_path: Path) -> None:
    good = (pixels() | packed())[name]
    rng = random.Random(name)
    archives = [(tmp_path / f"{number}-{name}", damaged(good, rng)) for number in range(ROUNDS)]
    assert {outcome_of_archive(*archive) for archive in archives} == BOTH


@pytest.mark.filterwarnings("ignore")
def test_names_of_every_kind(tmp_path: Path) -> None:
    rng = random.Random(0)
    outcomes = set()
    for number in range(ROUNDS):
        names = {
            rng.randbytes(rng.randrange(1, 8)).decode(rng.choice(("cp437", "utf-16-le")), "ignore").replace("\0", "/")
            for _ in range(4)
        }
        archive = zipped({name or "x": making.png(1) for name in names})
        outcomes.add(outcome_of_archive(tmp_path / f"{number}.zip", archive))
    assert outcomes == BOTH


def outcome_of_archive(path: Path, data: bytes) -> str:
    """The outcome of an archive of these bytes: it is read where its pictures are."""
    path.write_bytes(data)
    all_read = []
    found = outcome(DatasetError, lambda: all_read.append(read_archive(path)))
    path.unlink()
    return found if all(all_read) else "refused"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_damaged_pictures(kind: str) -> None:
    file = io.BytesIO()
    with warnings.catch_warnings():
        Image.open(io.BytesIO(making.png(1))).save(file, kind)
    rng = random.Random(kind)
    pictures = [damaged(file.getvalue(), rng) for _ in range(ROUNDS)]
    assert {outcome(PictureError, partial(decode, picture)) for picture in pictures} == BOTH


@pytest.mark.filterwarnings("ignore")
def test_damaged_model_files() -> None:
    network = random_network(784, 4, 3)
    card = ModelCard.of(network, name="tiny", letters="АБВ", ink_specification="moments-1")
    good = model_file.to_bytes(network, card)
    rng = random.Random("model")
    files = [damaged(good, rng) for _ in range(3 * ROUNDS)]
    assert outcome(ModelFileError, partial(model_file.read, good)) == "read"
    assert {outcome(ModelFileError, partial(model_file.read, file)) for file in files if file != good} == {"refused"}


@pytest.mark.filterwarnings("ignore")
def test_damaged_checkpoints(tmp_path: Path) -> None:
    path = tmp_path / "epoch-000001.npz"
    checkpoint.save(path, state())
    good = path.read_bytes()
    rng = random.Random("checkpoint")
    assert outcome(CheckpointError, partial(checkpoint.load, path)) == "read"
    outcomes = set()
    for _ in range(ROUNDS):
        path.write_bytes(damaged(good, rng))
        outcomes.add(outcome(CheckpointError, partial(checkpoint.load, path)))
    assert outcomes == {"refused"}


def test_strokes_of_every_kind() -> None:
    rng = random.Random("strokes")
    odd: tuple[Any, ...] = (None, "x", float("nan"), float("inf"), -1, 10**30, True, [], {}, b"", 1e-300, 5)
    outcomes = set()
    for _ in range(5 * ROUNDS):
        share = rng.choice((0.02, 0.3, 1))  # of the values that are odd

        def point(share: float = share) -> list[Any]:
            values = rng.choice((2, 3)) if rng.random() > share else 1
            return [rng.choice(odd) if rng.random() < share else rng.uniform(-50, 50) for _ in range(values)]

        strokes = [[point() for _ in range(3)] for _ in range(2)]
        outcomes.add(outcome(InkError, partial(frame_from_strokes, strokes)))
    assert outcomes == BOTH
