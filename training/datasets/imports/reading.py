"""Reads every picture of a plan once: decoded, checked, hashed, made into an input, its bytes kept."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recognizer.core.ink import InkSpecification
from recognizer.messages import gettext as _
from training.datasets.content.splitting import UNSPLIT
from training.datasets.errors import ImportStoppedError
from training.datasets.imports.decoder_process import Helper, HelperGoneError
from training.datasets.imports.decoding import Prepared, prepare
from training.datasets.layouts.plan import Fault, Plan
from training.datasets.storage.picture_files import Index, PictureWriter
from training.jobs.progress import CountProgress

BATCH_PICTURES = 128
BATCH_BYTES = 2**21
"""A batch ends at whichever comes first."""
AHEAD = 3
"""Batches that a helper has before it; what is more is prepared here."""
MOST_WAITING = 12
"""Batches that are held for their turn."""


@dataclass
class Batch:
    """Some files of a plan: their names, their bytes, and the faults of those that could not be read."""

    names: list[str] = field(default_factory=list)
    datas: list[bytes] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    size: int = 0

    def __len__(self) -> int:
        """How many files it stands for."""
        return len(self.names) + len(self.faults)


def batches(plan: Plan) -> Iterator[Batch]:
    """Read the plan's files in the archive's order, in batches of bounded size; of equal names the first."""
    batch = Batch()
    left = set(plan.places)

    def is_wanted(name: str) -> bool:
        is_left = name in left
        left.discard(name)
        return is_left

    for content in plan.archive.read(is_wanted):
        if content.fault:
            batch.faults.append(Fault(content.name, content.fault))
        else:
            batch.names.append(content.name)
            batch.datas.append(content.data)
            batch.size += len(content.data)
        if len(batch) >= BATCH_PICTURES or batch.size >= BATCH_BYTES:
            yield batch
            batch = Batch()
    if len(batch):
        yield batch


def prepared(plan: Plan, ink: InkSpecification, helpers: Sequence[Helper] = ()) -> Iterator[tuple[Batch, Prepared]]:
    """Read and prepare the plan's files, in order; `helpers` do it for us where there are some."""
    if not helpers:
        yield from ((batch, prepare(batch.datas, ink)) for batch in batches(plan))
        return
    waiting: deque[tuple[Batch, Helper | Prepared]] = deque()
    for batch in batches(plan):
        helper = min(helpers, key=lambda helper: helper.unanswered)
        if helper.unanswered < AHEAD:
            helper.give(batch.datas)
            waiting.append((batch, helper))
        else:
            waiting.append((batch, prepare(batch.datas, ink)))
        while waiting and (len(waiting) > MOST_WAITING or _is_ready(waiting[0][1])):
            yield _answered(*waiting.popleft(), ink)
    yield from (_answered(*each, ink) for each in waiting)


def _is_ready(made: Helper | Prepared) -> bool:
    return isinstance(made, Prepared) or made.is_answered


def _answered(batch: Batch, made: Helper | Prepared, ink: InkSpecification) -> tuple[Batch, Prepared]:
    """What was made of a batch. What a helper could not do is done here; so is all where it has died."""
    if isinstance(made, Prepared):
        return batch, made
    try:
        made = made.take()
    except HelperGoneError:
        return batch, prepare(batch.datas, ink)
    if made.reasons:
        left = list(made.reasons)
        made.reasons.clear()
        made.put(left, prepare([batch.datas[number] for number in left], ink))
    return batch, made


@dataclass
class Gathered:
    """What reading has brought together, in the archive's order.

    `inputs` is uint8 (room, length) with room for every picture of the plan; the rows of the names come first.
    """

    inputs: NDArray[np.uint8]
    names: list[str] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    published: list[int] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    digests: list[NDArray[np.uint8]] = field(default_factory=list)
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
            np.concatenate([np.empty((0, 32), np.uint8), *self.digests]),
            np.array(self.starts, dtype=np.int64),
            np.array(self.lengths, dtype=np.int64),
        )

    def add(self, batch: Batch, made: Prepared, plan: Plan, writer: PictureWriter) -> None:
        """Take in the good pictures of a batch, and list the others."""
        self.faults += batch.faults
        self.faults += [Fault(batch.names[number], reason) for number, reason in made.reasons.items()]
        blank = np.flatnonzero(made.decoded & ~made.inked).tolist()
        self.faults += [Fault(batch.names[number], _("no ink on it")) for number in blank]
        good = np.flatnonzero(made.inked)
        known = len(self.names)
        self.inputs[known : known + len(good)] = made.inputs[good]
        self.digests.append(made.digests[good])
        names, datas = batch.names, batch.datas
        if len(good) < len(names):
            numbers = good.tolist()
            names, datas = [names[number] for number in numbers], [datas[number] for number in numbers]
        places = [plan.places[name] for name in names]
        self.names += names
        self.labels += [place.label for place in places]
        self.published += [UNSPLIT if place.split is None else place.split for place in places]
        self.groups += [place.group for place in places]
        self.starts += writer.add_all(datas)
        self.lengths += map(len, datas)
        if len(good):
            self._note_sizes(made.sizes[good])

    def _note_sizes(self, sizes: NDArray[np.int32]) -> None:
        pairs = {(width, height) for width, height in sizes.tolist()}
        self.smallest = min(pairs if self.smallest is None else {*pairs, self.smallest})
        self.largest = max(pairs if self.largest is None else {*pairs, self.largest})


def gather(
    plan: Plan,
    *,
    ink: InkSpecification,
    helpers: Sequence[Helper],
    writer: PictureWriter,
    progress: CountProgress,
    should_stop: Callable[[], bool],
) -> Gathered:
    """Read the plan's pictures. Those that cannot be read or show no ink are listed and left out.

    Raises:
        ImportStoppedError: `should_stop` said so.
        ArchiveError: the archive turned out to be damaged.

    """
    done, total = 0, len(plan.places)
    gathered = Gathered(np.empty((total, ink.length), dtype=np.uint8))
    for batch, made in prepared(plan, ink, helpers):
        if should_stop():
            raise ImportStoppedError
        gathered.add(batch, made, plan, writer)
        done += len(batch)
        progress(done, total)
    return gathered
