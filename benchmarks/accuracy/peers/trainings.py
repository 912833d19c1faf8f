"""Trainings of peers, each in a process of its own in the peers' environment; each leaves a JSON file as it ends.

Stopped, a convolutional network goes on near where it was. Two processes may work on one state folder.
"""

import hashlib
import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.accuracy.locks import all_done, locked
from benchmarks.accuracy.peers.rows import PeerRow
from benchmarks.accuracy.peers.tasks import Files, PeerTask
from benchmarks.accuracy.trainings import Result
from benchmarks.harness import ROOT, BenchmarkRunError, clean_environment
from recognizer.core.alphabet import RUSSIAN


class PeerTrainings:
    """Runs the trainings of peers, or finds that they are done.

    Args:
        folder: of results and of what unfinished trainings keep.
        files: of pictures, by data set and split.
        machine: the description of this machine.
        python: the interpreter of the peers' environment.
        classes: letters of the data sets.

    """

    def __init__(
        self, folder: Path, files: Files, machine: Mapping[str, Any], *, python: str, classes: int = len(RUSSIAN)
    ) -> None:
        self._folder = folder
        self._files = files
        self._machine = machine
        self._python = python
        self._classes = classes
        folder.mkdir(parents=True, exist_ok=True)

    def all(self, rows: Sequence[PeerRow], tell: Callable[[str], None]) -> list[Result]:
        """The results of every row with each of its seeds, in their order; what another process trains is waited for.

        Raises:
            BenchmarkRunError: one cannot be trained.

        """
        pairs = [(row, seed) for row in rows for seed in row.seeds]
        all_done(pairs, lambda pair: self._done(*pair, tell))
        return [Result.read(self._path(row, seed)) for row, seed in pairs]

    def _path(self, row: PeerRow, seed: int) -> Path:
        return self._folder / f"{self._task(row, seed).key}.json"

    def _task(self, row: PeerRow, seed: int) -> PeerTask:
        recipe = replace(row.recipe, seed=seed)
        what = [row.kind, list(row.channels), recipe.as_dict(), sorted(self._files)]
        digest = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:10]
        key = f"{row.name}-{seed}-{digest}"
        return PeerTask(key, row.kind, row.channels, recipe, self._classes, self._files, str(self._folder))

    def _done(self, row: PeerRow, seed: int, tell: Callable[[str], None]) -> bool:
        """Whether its result is there. Trains it now, unless another process is at it."""
        path = self._path(row, seed)
        if path.exists():
            return True
        with locked(path.with_suffix(".lock"), wait=False) as ours:
            if ours and not path.exists():
                self._train(row, seed).save(path)
                tell(f"{path.stem}: {path}")
            return ours

    def _train(self, row: PeerRow, seed: int) -> Result:
        task = self._task(row, seed)
        done = subprocess.run(
            [self._python, "-m", "benchmarks.accuracy.peers.learning"],
            input=task.as_json(),
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=clean_environment(),
            check=False,
        )
        if done.returncode:
            raise BenchmarkRunError(f"{task.key} has not succeeded: its process ended with status {done.returncode}.")
        return Result.of(
            json.loads(done.stdout),
            key=task.key,
            row=row.name,
            seed=seed,
            epochs=task.recipe.epochs,
            weights_sha256="",
            machine=self._machine,
        )
