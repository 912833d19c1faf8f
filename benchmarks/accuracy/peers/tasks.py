"""What the process of a peer is told, and what it needs of the data."""

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.peers.mini_batches import Floats
from recognizer.core.ink import specification
from training.core.hyperparameters import Hyperparameters
from training.core.samples import Samples

CHUNK = 1000
"""Inputs that are read at once."""
Files = Mapping[str, Mapping[str, str]]
Read = Callable[[Floats], NDArray[np.integer]]
Scores = dict[str, dict[str, int]]


@dataclass(frozen=True)
class PeerTask:
    """One training of a peer.

    Attributes:
        key: its name in the state folder.
        kind: which program trains it.
        channels: outputs of each convolution, where it has any.
        recipe: all that is chosen, the seed too.
        classes: letters that it tells apart.
        files: of pictures and labels, by data set and split.
        folder: where it leaves what it needs to resume.

    """

    key: str
    kind: str
    channels: Sequence[int]
    recipe: Hyperparameters
    classes: int
    files: Files
    folder: str

    def as_json(self) -> str:
        """The task in one line."""
        return json.dumps({**dataclasses.asdict(self), "recipe": self.recipe.as_dict()})

    @classmethod
    def from_json(cls, text: str) -> "PeerTask":
        """The task of such a line."""
        values: dict[str, Any] = json.loads(text)
        return cls(**{**values, "recipe": Hyperparameters.from_mapping(values["recipe"])})

    def sources(self) -> list[Samples]:
        """The training pictures of each data set."""
        return [_samples(files["train"]) for files in self.files.values()]

    def scores(self, split: str, read: Read) -> Scores:
        """Letters of a split that are read right, by data set, and how many there are."""
        return {name: self._score(_samples(files[split]), read) for name, files in self.files.items()}

    def _score(self, samples: Samples, read: Read) -> dict[str, int]:
        ink = specification(self.recipe.ink_specification)
        starts = range(0, len(samples), CHUNK)
        chunks = (ink.scale(ink.of_pictures(samples.inputs[start : start + CHUNK])) for start in starts)
        labels = np.concatenate([read(chunk) for chunk in chunks])
        return {"correct": int((labels == samples.labels).sum()), "images": len(samples)}


def _samples(path: str) -> Samples:
    with np.load(Path(path), allow_pickle=False) as file:
        return Samples(file["inputs"], file["labels"])
