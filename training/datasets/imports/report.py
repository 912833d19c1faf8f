"""The report of an import: what was found, what was left out and why. It is stored with the data set as JSON."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from recognizer.core.messages import Message, read, stored
from recognizer.messages import gettext
from training.datasets.content.splitting import Split
from training.datasets.layouts.plan import Fault, Plan
from training.datasets.storage.picture_files import Index

MAX_LISTED = 1000
MAX_NAME = 200
MAX_LABELS = 100
MAX_REASON = 1000


@dataclass(frozen=True)
class ImportReport:
    """What an import found. Numbers are pictures unless said otherwise."""

    layout: str
    letters: int
    """With a letter of the class set, before faulty pictures and copies were left out."""
    set_aside: int
    set_aside_by_label: dict[str, int]
    other_files: int
    pictures: int
    """Kept."""
    counts: dict[str, list[int]]
    """Of each letter, by split."""
    published_split: bool
    drawn_anew: bool
    """Whether all splits were drawn although the publisher has some; stored under its old name."""
    writers: int
    """How many the archive tells apart."""
    writers_in_several_parts: int
    """Possible only with a publisher's splits: drawn ones keep a writer in one. Stored under its old name."""
    skipped: int
    skipped_by_reason: dict[str, int]
    skipped_list: list[list[str]]
    """Name and reason, the first thousand."""
    duplicates_dropped: int
    """Copies of a picture of a stricter split."""
    duplicates_kept: int
    """Copies within one split."""
    different: int
    """Different pictures; that none occurs in two splits was verified on the finished files."""
    origins: dict[str, int]
    """Of synthetic letters: pictures from each table of skeletons and from each family of fonts."""
    smallest: list[int]
    largest: list[int]
    """Width and height in pixels."""
    seconds: float
    notes: list[list[Any]] = field(default_factory=list)
    """What was assumed, as `notes.Note` stores it; reports of older imports have none."""

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON takes it."""
        return asdict(self)


def counts_by_split(index: Index, classes: int) -> dict[str, list[int]]:
    """Count the pictures of each letter in each split."""
    return {split.key: np.bincount(index.labels[index.splits == split], minlength=classes).tolist() for split in Split}


def shortened_faults(faults: Sequence[Fault]) -> tuple[dict[str, int], list[list[str]]]:
    """Count faults by reason, and list the first of them with names cut to a bearable length."""
    reasons = Counter(_stored_reason(fault.reason) for fault in faults)
    listed = [[_fit(fault.name), _stored_reason(fault.reason)] for fault in faults[:MAX_LISTED]]
    return dict(reasons.most_common(MAX_LABELS)), listed


def read_reason(stored_reason: str) -> str:
    """A reason from a report, in the active language."""
    return read(stored_reason) if stored_reason.startswith("{") else str(gettext(stored_reason))


def _stored_reason(reason: str) -> str:
    """A reason as a report has it: its English, or with values what `recognizer.core.messages.stored` makes of it."""
    if not isinstance(reason, Message):
        return _fit(reason)
    text = stored(reason) if reason.values else reason.key
    return text if len(text) <= MAX_REASON else _fit("".join(reason))


def shortened_labels(plan: Plan) -> dict[str, int]:
    """Count what was set aside by label, the commonest first."""
    return {_fit(label): count for label, count in Counter(plan.set_aside).most_common(MAX_LABELS)}


def _fit(text: str) -> str:
    """Cut a text to a bearable length, without the NUL that no database takes."""
    return text[:MAX_NAME].replace("\0", "\ufffd")
