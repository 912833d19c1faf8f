"""From the publishers' archives to a report on peers and ours."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.accuracy import plan, report
from benchmarks.accuracy.locks import locked
from benchmarks.accuracy.measuring import prepare
from benchmarks.accuracy.peers.rows import OURS, PEERS, PeerRow
from benchmarks.accuracy.peers.trainings import PeerTrainings
from benchmarks.accuracy.plan import BOTH, PlanError, TableRow
from benchmarks.accuracy.trainings import Trainings
from benchmarks.environments import peers_python
from benchmarks.harness import BenchmarkReport, BenchmarkRunError
from benchmarks.output import FIGURES
from benchmarks.reading import machine
from recognizer.core.alphabet import RUSSIAN
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage import input_files

PICTURES = "moments-2"
SEEDS = (1, 2, 3)
"""Of the rows of ours."""


def measure(data: Path, state: Path, *, rows: Sequence[str]) -> BenchmarkReport:
    """Train what is not trained yet, and report on all of it.

    Args:
        data: folder of the archives.
        state: folder of the product's state; peers keep theirs under `peers`.
        rows: names of what is trained; all where none is named.

    Raises:
        BenchmarkRunError: an archive is missing, or a training has not succeeded.
        PlanError: there is no such row.

    """
    peers, ours = chosen(rows)
    with locked(state / "import.lock"):
        prepare(data, BOTH)
        files = {name: _picture_files(name) for name in BOTH}
    results = []
    if peers:
        results += PeerTrainings(state / "peers", files, machine(), python=peers_python()).all(peers, _tell)
    if ours:
        planned = plan.planned_trainings(ours, SEEDS, epochs=None, test=True)
        results += Trainings(state / "results", machine(), epochs=None, first_seed=SEEDS[0]).all(planned, _tell)
    return report.peers(results, full_length(FIGURES / "accuracy.json"), machine())


def chosen(names: Sequence[str]) -> tuple[list[PeerRow], list[TableRow]]:
    """The rows of peers and of ours with these names; all where none is named.

    Raises:
        PlanError: there is no such row.

    """
    known = [*(row.name for row in PEERS), *(row.name for row in OURS)]
    if unknown := [name for name in names if name not in known]:
        raise PlanError(f"There is no row {', '.join(unknown)}; there are: {', '.join(known)}.")
    wanted = names or known
    return [row for row in PEERS if row.name in wanted], [row for row in OURS if row.name in wanted]


def full_length(figures: Path) -> list[Mapping[str, str]]:
    """The lines of ours in the table of presets, which are trained for as long as they should be."""
    presets = [row.preset for row in OURS]
    lines = json.loads(figures.read_text(encoding="utf-8"))["rows"]
    return [line for line in lines if line["row"] in presets and line["seed"] == "mean"]


def _picture_files(name: str) -> dict[str, str]:
    """Files of a data set's pictures by split, made where they are missing.

    Raises:
        BenchmarkRunError: the data set has other letters than the peers are made for.

    """
    dataset = Dataset.objects.get(name=name)
    if dataset.letters != RUSSIAN:
        raise BenchmarkRunError(f"{name} has the letters {dataset.letters}, not {RUSSIAN}.")
    for split in Split:
        input_files.load(dataset, split, PICTURES)
    return {split.key: str(dataset.folder / input_files.file_name(split, PICTURES)) for split in Split}


def _tell(line: str) -> None:
    print(line, file=sys.stderr)
