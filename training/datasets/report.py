"""The report of an import: what was found, what was left out and why. It is stored with the data set as JSON."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from training.datasets.plans import Fault, Plan
from training.datasets.splitting import Split
from training.datasets.store import Index

MAX_LISTED = 1000
MAX_NAME = 200
MAX_LABELS = 100


@dataclass(frozen=True)
class Report:
    """What an import found. Numbers are pictures unless said otherwise."""

    layout: str
    letters: int
    """With a letter of the class set, before anything was left out."""
    set_aside: int
    set_aside_by_label: dict[str, int]
    other_files: int
    pictures: int
    """Kept."""
    counts: dict[str, list[int]]
    """By part, for each letter."""
    published_split: bool
    drawn_anew: bool
    """Whether the publisher's parts were overlooked because somebody wanted it so."""
    writers: int
    """How many the archive tells apart."""
    writers_in_several_parts: int
    """As a publisher's split may have it; where parts are drawn, a writer stays in one."""
    skipped: int
    skipped_by_reason: dict[str, int]
    skipped_list: list[list[str]]
    """Name and reason, the first thousand."""
    duplicates_dropped: int
    """Copies of a picture of a stricter part."""
    duplicates_kept: int
    """Copies within one part."""
    different: int
    """Different pictures; that none of them stands in two parts was verified on the finished files."""
    origins: dict[str, int]
    """Of letters made by us: how many come from each table of skeletons and from each family of fonts."""
    smallest: list[int]
    largest: list[int]
    """Width and height in pixels."""
    seconds: float

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON takes it."""
        return asdict(self)


def counts_by_part(index: Index, classes: int) -> dict[str, list[int]]:
    """Count the pictures of each letter in each part."""
    return {split.key: np.bincount(index.labels[index.splits == split], minlength=classes).tolist() for split in Split}


def shortened_faults(faults: Sequence[Fault]) -> tuple[dict[str, int], list[list[str]]]:
    """Count faults by reason, and list the first of them with names cut to a bearable length."""
    reasons = Counter(_fit(fault.reason) for fault in faults)
    listed = [[_fit(fault.name), _fit(fault.reason)] for fault in faults[:MAX_LISTED]]
    return dict(reasons.most_common(MAX_LABELS)), listed


def shortened_labels(plan: Plan) -> dict[str, int]:
    """Count what was set aside by label, the commonest first."""
    return {_fit(label): count for label, count in Counter(plan.set_aside).most_common(MAX_LABELS)}


def _fit(text: str) -> str:
    """Cut a text to a bearable length, without the NUL that no database takes."""
    return text[:MAX_NAME].replace("\0", "\ufffd")
