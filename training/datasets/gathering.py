"""Reads every picture of a plan once: decoded, checked, hashed, made into an input, its bytes kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recognizer import pictures
from recognizer.core.ink import InkSpecification
from recognizer.core.ink.specifications import INPUTS
from training.datasets.archives import Archive
from training.datasets.errors import ImportStoppedError
from training.datasets.plans import Fault, Plan
from training.datasets.splitting import UNSPLIT
from training.datasets.store import Index, PictureWriter, digest

Progress = Callable[[int, int], None]
BATCH_PICTURES = 256
BATCH_PIXELS = 8_000_000
"""A batch ends at whichever comes first, so that memory stays bounded for pictures of any size."""


@dataclass(frozen=True)
class Read:
    """One file of the plan: its pixels, or why there are none."""

    name: str
    data: bytes
    pixels: NDArray[np.uint8] | None
    fault: str = ""


def batches(archive: Archive, plan: Plan) -> Iterator[list[Read]]:
    """Decode the plan's pictures in the archive's order, in batches of bounded size."""
    batch: list[Read] = []
    size = 0
    for content in archive.read(plan.places.__contains__):
        read = _decoded(content.name, content.data, content.fault)
        batch.append(read)
        size += 0 if read.pixels is None else read.pixels.size
        if len(batch) >= BATCH_PICTURES or size >= BATCH_PIXELS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _decoded(name: str, data: bytes, fault: str) -> Read:
    if fault:
        return Read(name, data, None, fault)
    try:
        return Read(name, data, pictures.decode(data))
    except pictures.PictureError as error:
        return Read(name, data, None, str(error))


@dataclass
class Gathered:
    """What reading has brought together, in the archive's order.

    `inputs` is uint8 (room, 784) with room for every picture of the plan; the rows of the names come first.
    """

    inputs: NDArray[np.uint8]
    names: list[str] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    published: list[int] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    smallest: tuple[int, int] | None = None
    largest: tuple[int, int] | None = None

    def index(self) -> Index:
        """Return the index in the archive's order; its `splits` are the publisher's."""
        return Index(
            self.names,
            np.array(self.labels, dtype=np.uint8),
            np.array(self.published, dtype=np.uint8),
            np.frombuffer(b"".join(self.digests), dtype=np.uint8).reshape(-1, 32),
            np.array(self.starts, dtype=np.int64),
            np.array(self.lengths, dtype=np.int64),
        )

    def add(self, read: Read, pixels: NDArray[np.uint8], plan: Plan, writer: PictureWriter) -> None:
        """Take in one good picture."""
        place = plan.places[read.name]
        height, width = pixels.shape[:2]
        self.names.append(read.name)
        self.labels.append(place.label)
        self.published.append(UNSPLIT if place.split is None else place.split)
        self.digests.append(digest(pixels))
        self.starts.append(writer.add(read.data))
        self.lengths.append(len(read.data))
        self.smallest = min(self.smallest or (width, height), (width, height))
        self.largest = max(self.largest or (width, height), (width, height))


def gather(
    archive: Archive,
    plan: Plan,
    *,
    ink: InkSpecification,
    writer: PictureWriter,
    progress: Progress,
    should_stop: Callable[[], bool],
) -> Gathered:
    """Read the plan's pictures. Those that cannot be read or show no ink are listed and left out.

    Raises:
        ImportStoppedError: `should_stop` said so.
        ArchiveError: the archive turned out to be damaged.

    """
    done, total = 0, len(plan.places)
    gathered = Gathered(np.empty((total, INPUTS), dtype=np.uint8))
    for batch in batches(archive, plan):
        if should_stop():
            raise ImportStoppedError
        _gather_batch(gathered, batch, plan, ink, writer)
        done += len(batch)
        progress(done, total)
    return gathered


def _gather_batch(
    gathered: Gathered, batch: list[Read], plan: Plan, ink: InkSpecification, writer: PictureWriter
) -> None:
    gathered.faults += [Fault(read.name, read.fault) for read in batch if read.pixels is None]
    good = [(read, read.pixels) for read in batch if read.pixels is not None]
    if not good:
        return
    inputs, has_ink = ink.from_pictures([pixels for _read, pixels in good])
    inputs, known = inputs[has_ink], len(gathered.names)
    gathered.inputs[known : known + len(inputs)] = inputs
    for (read, pixels), inked in zip(good, has_ink.tolist(), strict=True):
        if inked:
            gathered.add(read, pixels, plan, writer)
        else:
            gathered.faults.append(Fault(read.name, _("no ink on it")))
