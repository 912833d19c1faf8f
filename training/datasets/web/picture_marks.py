"""What other apps know of single pictures, for the page of a data set's pictures; they register it when they start."""

from collections.abc import Callable, Mapping, Sequence

from training.datasets.models import Dataset

Mark = Mapping[str, str]
"""`action`: a word for style sheets; `words`: for people. Both are empty where nothing is known."""
Marker = Callable[[Dataset, Sequence[int]], Mapping[int, Mark]]

_registered: list[Marker] = []


def register(marker: Marker) -> None:
    """Add what an app knows."""
    if marker not in _registered:
        _registered.append(marker)


def marks(dataset: Dataset, pictures: Sequence[int]) -> dict[int, Mark]:
    """What is known of these pictures, by their numbers."""
    known: dict[int, Mark] = {}
    for marker in _registered:
        known.update(marker(dataset, pictures))
    return known
