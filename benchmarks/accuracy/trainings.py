"""Trainings of the product's own kind in a state folder of their own; each leaves a JSON file as it ends.

A training that was interrupted goes on from its last checkpoint. Two processes may work on one state folder: a lock
on each training keeps them apart, and one that the other has is left to it.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.accuracy import plan
from benchmarks.accuracy.locks import locked
from benchmarks.accuracy.plan import Experiment
from benchmarks.harness import BenchmarkError
from recognizer import catalog
from recognizer.core.files import replacing
from recognizer.core.model_card import N_INPUTS, parameter_count
from recognizer.models import StoredModel
from training.datasets.models import Dataset
from training.datasets.scoring import evaluate_dataset
from training.datasets.splitting import Split
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.terminal import progress_bar
from training.jobs.working import work, worker_name
from training.runs import checkpoints, execution
from training.runs.creation import create_run
from training.runs.models import Run

PATIENCE = 5.0
"""Seconds between two looks at what another process trains."""


@dataclass(frozen=True)
class Score:
    """Pictures read right on a part of a data set, of how many."""

    correct: int
    images: int


@dataclass(frozen=True)
class Result:
    """What came of a training.

    Attributes:
        key, row, seed: which one.
        parameters, epochs, seconds: how large, how long.
        weights_sha256: of the network.
        validation, test: score by data set; no test where it was not to be scored.
        machine: what it was trained on.

    """

    key: str
    row: str
    seed: int
    parameters: int
    epochs: int
    seconds: float
    weights_sha256: str
    validation: Mapping[str, Score]
    test: Mapping[str, Score]
    machine: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> "Result":
        """A result from its file."""
        values = json.loads(path.read_text(encoding="utf-8"))
        scores = {
            part: {name: Score(**score) for name, score in values[part].items()} for part in ("validation", "test")
        }
        return cls(**{**values, **scores})


class Trainings:
    """Does experiments, or finds that they are done.

    Args:
        folder: of the results.
        machine: what is told of this machine.
        epochs: instead of the presets'; also of teachers.
        first_seed: of the networks that teach.

    """

    def __init__(self, folder: Path, machine: Mapping[str, Any], *, epochs: int | None, first_seed: int) -> None:
        self._folder = folder
        self._machine = machine
        self._epochs = epochs
        self._first_seed = first_seed
        folder.mkdir(parents=True, exist_ok=True)

    def all(self, experiments: Sequence[Experiment], tell: Callable[[str], None]) -> list[Result]:
        """The results of all experiments, in their order; what another process trains is waited for.

        Raises:
            BenchmarkError: one cannot be trained.

        """
        waiting = [*self._with_teachers(experiments)]
        while waiting:
            left = [experiment for experiment in waiting if not self._done(experiment, tell)]
            if len(left) == len(waiting):
                time.sleep(PATIENCE)
            waiting = left
        return [Result.read(self._path(experiment)) for experiment in experiments]

    def _with_teachers(self, experiments: Sequence[Experiment]) -> Iterator[Experiment]:
        """Each experiment once, behind those that teach it."""
        seen = set()
        for experiment in experiments:
            for each in (*self._teachers(experiment), experiment):
                if each.key not in seen:
                    seen.add(each.key)
                    yield each

    def _teachers(self, experiment: Experiment) -> list[Experiment]:
        return list(plan.teachers(experiment, epochs=self._epochs, seed=self._first_seed))

    def _path(self, experiment: Experiment) -> Path:
        return self._folder / f"{experiment.key}.json"

    def _done(self, experiment: Experiment, tell: Callable[[str], None]) -> bool:
        """Whether its result is there; it is made now unless another process is at it, or at one of its teachers."""
        path = self._path(experiment)
        if path.exists():
            return True
        if not all(self._path(teacher).exists() for teacher in self._teachers(experiment)):
            return False
        with locked(path.with_suffix(".lock"), wait=False) as ours:
            if ours and not path.exists():
                self._save(path, self._train(experiment))
                tell(f"{experiment.key}: {path}")
            return ours

    @staticmethod
    def _save(path: Path, result: Result) -> None:
        with replacing(path) as file:
            file.write(json.dumps(asdict(result), ensure_ascii=False, indent=1).encode())

    def _train(self, experiment: Experiment) -> Result:
        row = experiment.row
        datasets = {name: Dataset.objects.get(name=name) for name in (*row.datasets, *row.reads)}
        run = self._held(experiment, [datasets[name] for name in row.datasets])
        read = {name: datasets[name] for name in row.reads}
        with progress_bar(experiment.key) as show:
            work(run, execution.execute, on_progress=show)
        run.refresh_from_db()
        checkpoints.prune()
        if run.state != State.SUCCEEDED:
            raise BenchmarkError(f"{experiment.key} has not succeeded ({run.state}): {run.error}")
        return Result(
            key=experiment.key,
            row=row.name,
            seed=run.seed,
            parameters=parameter_count((N_INPUTS, *run.recipe.hidden_layers, len(run.letters))),
            epochs=run.epoch,
            seconds=round(sum(run.rows.values_list("seconds", flat=True)), 1),
            weights_sha256=run.weights_sha256,
            validation=_scores(run, read, Split.VALIDATION),
            test=_scores(run, read, Split.TEST) if experiment.scores_test else {},
            machine=self._machine,
        )

    def _held(self, experiment: Experiment, datasets: Sequence[Dataset]) -> Run:
        """The run of an experiment, in our hands: a new one, or the one whose process was interrupted."""
        run = Run.objects.filter(name=experiment.key, state__in=(State.QUEUED, State.RUNNING)).first()
        if run is None:
            return create_run(
                datasets,
                experiment.recipe,
                teachers=[self._model(teacher) for teacher in self._teachers(experiment)],
                preset=experiment.row.preset,
                name=experiment.key,
                is_trial=not experiment.scores_test,
                queue=False,
            )
        if run.state == State.RUNNING:  # nobody has it: we hold its lock
            lifecycle.give_back(run)
        lifecycle.claim(Run, run.pk, attempt=run.attempt, worker=worker_name())
        run.refresh_from_db()
        return run

    def _model(self, experiment: Experiment) -> StoredModel:
        return StoredModel.objects.get(weights_sha256=Result.read(self._path(experiment)).weights_sha256)


def _scores(run: Run, datasets: Mapping[str, Dataset], split: Split) -> dict[str, Score]:
    """Score by data set: as the run has noted it, or, for a data set that it was not trained on, read now."""
    noted = {row.name: row for row in run.sources.all()}
    scores = {}
    for name, dataset in datasets.items():
        if name in noted:
            images = dataset.size(split)
            accuracy = noted[name].validation_accuracy if split == Split.VALIDATION else noted[name].test_accuracy
            scores[name] = Score(round((accuracy or 0.0) * images), images)
        elif run.stored_model is not None:
            read = evaluate_dataset(dataset, catalog.load_stored(run.stored_model), split=split)
            scores[name] = Score(read.correct, read.images)
    return scores
