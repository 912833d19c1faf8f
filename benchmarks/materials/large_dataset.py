"""A data set of 120,000 pictures with all that a search can find in it, made through the storage layer in seconds."""

import struct
import uuid
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.core.alphabet import RUSSIAN
from training.cleaning.detectors.run_all import LISTED
from training.cleaning.models import Action, Cleaning, Decision, Finding, FindingKind
from training.datasets.content.splitting import UNSPLIT, Split, assign
from training.datasets.imports import report
from training.datasets.models import Dataset
from training.datasets.storage import contact_sheet, input_files
from training.datasets.storage.picture_files import Index, PictureWriter, digest
from training.datasets.storage.publish import STANDING_INK, save
from training.datasets.storage.workspace import workspace
from training.datasets.synthesis import hand, pens, skeletons
from training.jobs.models import State

PICTURES, SIDE, HANDS = 120_000, 28, 20
"""HANDS: letters that are written of each kind; every picture is one of them with marks of its own in a corner."""
DECIDED = 2000
"""Of each kind."""
Pixels = NDArray[np.uint8]


def make_dataset(name: str, *, count: int = PICTURES) -> Dataset:
    """Make a data set of distinct pictures, with a thousand skipped files in its report."""
    labels = (np.arange(count) % len(RUSSIAN)).astype(np.uint8)
    pixels = _pictures(labels)
    splits = assign(labels, np.full(count, UNSPLIT, dtype=np.uint8), seed=1)
    with workspace() as folder:
        with PictureWriter(folder) as writer:
            encoded = [_png(picture) for picture in pixels]
            starts = np.array([writer.add(data) for data in encoded], dtype=np.int64)
        index = Index(
            [f"{RUSSIAN[label]}/{number:06d}.png" for number, label in enumerate(labels.tolist())],
            labels,
            splits,
            np.frombuffer(b"".join(map(digest, pixels)), dtype=np.uint8).reshape(count, 32),
            starts,
            np.array([len(data) for data in encoded], dtype=np.int64),
        )
        index.save(folder)
        inputs = 255 - pixels.reshape(count, -1)
        written = {
            split: input_files.write(
                folder / input_files.file_name(split, STANDING_INK), inputs[splits == split], labels[splits == split]
            )
            for split in Split
        }
        contact_sheet.write(folder, index, RUSSIAN)
        row = _row(name, index)
        save(row, folder, written, lambda _saved: None)
    return row


def _pictures(labels: NDArray[np.uint8]) -> Pixels:
    """Distinct pictures (n, 28, 28) of these letters."""
    rng = np.random.default_rng(1)
    written = np.stack([list(_written(letter, rng)) for letter in RUSSIAN])
    numbers = np.arange(len(labels))
    pixels = written[labels, numbers // len(RUSSIAN) % HANDS]
    for place in range(3):  # a number of three digits to the base of 64, in greys of three pixels of the corner
        pixels[:, 0, place] = 255 - numbers // 64**place % 64
    return pixels


def _written(letter: str, rng: np.random.Generator) -> Iterator[Pixels]:
    """Write a letter many times."""
    skeleton = skeletons.skeletons()[next(iter(skeletons.shares(letter)))]
    for picture in pens.pictures(hand.write(skeleton, HANDS, rng), rng):
        yield np.asarray(picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX))


def _png(pixels: Pixels) -> bytes:
    """Encode a picture (28, 28); five times as quick as a library that chooses filters."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    lines = np.pad(pixels, ((0, 0), (1, 0))).tobytes()  # filter 0 before each line
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 1)) + chunk(b"IEND", b"")


def _row(name: str, index: Index) -> Dataset:
    skipped = [[f"set/letter {number:05d}.png", "It is no picture that can be read."] for number in range(1000)]
    found = report.ImportReport(
        layout="folders",
        letters=len(index.labels) + len(skipped),
        set_aside=0,
        set_aside_by_label={},
        other_files=0,
        pictures=len(index.labels),
        counts=report.counts_by_split(index, len(RUSSIAN)),
        published_split=False,
        drawn_anew=False,
        writers=0,
        writers_in_several_parts=0,
        skipped=len(skipped),
        skipped_by_reason={skipped[0][1]: len(skipped)},
        skipped_list=skipped,
        duplicates_dropped=0,
        duplicates_kept=0,
        different=len(index.labels),
        origins={},
        smallest=[SIDE, SIDE],
        largest=[SIDE, SIDE],
        seconds=60.0,
    )
    return Dataset(
        name=name,
        pictures=len(index.labels),
        archive_name=f"{name}.zip",
        content_sha256=index.content_sha256(),
        report=found.as_dict(),
    )


def add_findings(dataset: Dataset, index: Index) -> Cleaning:
    """Let a search have found as many pictures of each kind as are listed, and somebody have decided on some."""
    job = Cleaning.objects.create(
        dataset=dataset,
        state=State.SUCCEEDED,
        counts={kind.value: LISTED for kind in FindingKind},
        accuracy=0.9,
        progress=1,
    )
    rng = np.random.default_rng(2)
    for place, kind in enumerate(FindingKind):
        pictures = rng.permutation(len(index.labels))[:LISTED].tolist()
        Finding.objects.bulk_create(
            Finding(
                cleaning=job,
                kind=kind,
                picture=picture,
                score=1 / (number + 1),
                label=int(index.labels[picture]),
                split=int(index.splits[picture]),
                predicted=(int(index.labels[picture]) + place) % len(RUSSIAN),
                probability=0.9,
                twin=picture // 2 if kind in (FindingKind.ACROSS, FindingKind.NEAR, FindingKind.EXACT) else None,
            )
            for number, picture in enumerate(pictures)
        )
    decided = (
        Finding.objects.filter(cleaning=job, score__gt=1 / (DECIDED + 1)).order_by().values_list("picture", flat=True)
    )
    Decision.objects.bulk_create(
        Decision(
            dataset=dataset,
            picture=picture,
            digest=index.digests[picture].tobytes().hex(),
            action=Action.ACCEPT,
            batch=uuid.uuid4(),
        )
        for picture in decided
    )
    return job
