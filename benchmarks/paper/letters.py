"""Real letters of Cyrillic-MNIST, of one split of its publisher's, straight from the archive."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import BenchmarkRunError
from recognizer import pictures
from recognizer.core.alphabet import RUSSIAN
from training.datasets.archives import open_archive
from training.datasets.content.splitting import Split
from training.datasets.layouts import find_plan

Greys = NDArray[np.uint8]
ARCHIVE = "cmnist.zip"


@dataclass(frozen=True)
class RealLetters:
    """Pictures of letters that people wrote, and which letters they are."""

    pictures: tuple[Greys, ...]
    letters: str


def real_letters(data: Path, split: Split, count: int, rng: np.random.Generator) -> RealLetters:
    """Pick letters at random, without repeats.

    Raises:
        BenchmarkRunError: the archive is missing.

    """
    path = data / ARCHIVE
    if not path.is_file():
        raise BenchmarkRunError(f"There is no {path}; see docs/data.md for where it is published.")
    with open_archive(path) as archive:
        plan = find_plan(archive, RUSSIAN)
        names = sorted(name for name, place in plan.places.items() if place.split == split)
        chosen = [names[number] for number in rng.permutation(len(names))[:count]]
        wanted = set(chosen)
        read = {each.name: pictures.decode(each.data) for each in plan.archive.read(wanted.__contains__)}
    return RealLetters(
        tuple(read[name] for name in chosen), "".join(RUSSIAN[plan.places[name].label] for name in chosen)
    )
