"""Trainings of the product's own kind in a state folder of their own; each leaves a JSON file as it ends.

A training that was interrupted goes on from its last checkpoint. Two processes may work on one state folder: a lock
on each training keeps them apart.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.accuracy import plan
from benchmarks.accuracy.locks import all_done, locked
from benchmarks.accuracy.plan import PlannedTraining
from benchmarks.harness import BenchmarkRunError
from recognizer import loading
from recognizer.core.files import replacing
from recognizer.core.model_card import parameter_count
from recognizer.models import StoredModel
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.scoring import evaluate_dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.terminal import progress_bar
from training.jobs.worker.work_loop import work, worker_name
from training.runs.defaults import Source, fitting_shares
from training.runs.models import Run
from training.runs.services import create_run
from training.runs.worker import checkpoints, execution


@dataclass(frozen=True)
class SplitScore:
    """Pictures of one split read right, and how many there are."""

    correct: int
    images: int


@dataclass(frozen=True)
class Result:
    """The outcome of a training.

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
    validation: Mapping[str, SplitScore]
    test: Mapping[str, SplitScore]
    machine: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> "Result":
        """A result from its file."""
        return cls.of(json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, values: Mapping[str, Any], **more: Any) -> "Result":
        """A result from what its file has, and more."""
        scores = {
            part: {name: SplitScore(**score) for name, score in values[part].items()} for part in ("validation", "test")
        }
        return cls(**{**values, **scores, **more})

    def save(self, path: Path) -> None:
        """Write it to its file."""
        with replacing(path) as file:
            file.write(json.dumps(asdict(self), ensure_ascii=False, indent=1).encode())


class Trainings:
    """Runs planned trainings, or finds that they are done.

    Args:
        folder: of the results.
        machine: the description of this machine.
        epochs: instead of the presets', for teachers too.
        first_seed: of the networks that teach.

    """

    def __init__(self, folder: Path, machine: Mapping[str, Any], *, epochs: int | None, first_seed: int) -> None:
        self._folder = folder
        self._machine = machine
        self._epochs = epochs
        self._first_seed = first_seed
        folder.mkdir(parents=True, exist_ok=True)

    def all(self, planned: Sequence[PlannedTraining], tell: Callable[[str], None]) -> list[Result]:
        """The results of all planned trainings, in their order; what another process trains is waited for.

        Raises:
            BenchmarkRunError: one cannot be trained.

        """
        all_done([*self._with_teachers(planned)], lambda training: self._done(training, tell))
        return [Result.read(self._path(training)) for training in planned]

    def _with_teachers(self, planned: Sequence[PlannedTraining]) -> Iterator[PlannedTraining]:
        """Each training once, behind those that teach it."""
        seen = set()
        for training in planned:
            for each in (*self._teachers(training), training):
                if each.key not in seen:
                    seen.add(each.key)
                    yield each

    def _teachers(self, training: PlannedTraining) -> list[PlannedTraining]:
        return list(plan.teachers(training, epochs=self._epochs, seed=self._first_seed))

    def _path(self, training: PlannedTraining) -> Path:
        return self._folder / f"{training.key}.json"

    def _done(self, training: PlannedTraining, tell: Callable[[str], None]) -> bool:
        """Whether its result is there. Trains it now, unless another process is at it or at one of its teachers."""
        path = self._path(training)
        if path.exists():
            return True
        if not all(self._path(teacher).exists() for teacher in self._teachers(training)):
            return False
        with locked(path.with_suffix(".lock"), wait=False) as ours:
            if ours and not path.exists():
                self._train(training).save(path)
                tell(f"{training.key}: {path}")
            return ours

    def _train(self, training: PlannedTraining) -> Result:
        row = training.row
        datasets = {name: Dataset.objects.get(name=name) for name in (*row.datasets, *row.reads)}
        run = self._held(training, [datasets[name] for name in row.datasets])
        read = {name: datasets[name] for name in row.reads}
        with progress_bar(training.key) as show:
            work(run, execution.execute, on_progress=show)
        run.refresh_from_db()
        checkpoints.prune()
        if run.state != State.SUCCEEDED:
            raise BenchmarkRunError(f"{training.key} has not succeeded ({run.state}): {run.error}")
        return Result(
            key=training.key,
            row=row.name,
            seed=run.seed,
            parameters=parameter_count(run.recipe.sizes(len(run.letters))),
            epochs=run.epoch,
            seconds=round(sum(run.rows.values_list("seconds", flat=True)), 1),
            weights_sha256=run.weights_sha256,
            validation=_scores(run, read, Split.VALIDATION),
            test=_scores(run, read, Split.TEST) if training.scores_test else {},
            machine=self._machine,
        )

    def _held(self, training: PlannedTraining, datasets: Sequence[Dataset]) -> Run:
        """The run of a training, claimed by this process: a new one, or the one whose process was interrupted."""
        run = Run.objects.filter(name=training.key, state__in=(State.QUEUED, State.RUNNING)).first()
        if run is None:
            sources = [Source.of(dataset) for dataset in datasets]
            return create_run(
                datasets,
                replace(training.recipe, **fitting_shares(sources, training.recipe)),
                teachers=[self._model(teacher) for teacher in self._teachers(training)],
                preset=training.row.preset,
                name=training.key,
                is_trial=not training.scores_test,
                queue=False,
            )
        if run.state == State.RUNNING:  # no process works on it: this one holds its lock
            lifecycle.give_back(run)
        lifecycle.claim(Run, run.pk, attempt=run.attempt, worker=worker_name())
        run.refresh_from_db()
        return run

    def _model(self, training: PlannedTraining) -> StoredModel:
        return StoredModel.objects.get(weights_sha256=Result.read(self._path(training)).weights_sha256)


def _scores(run: Run, datasets: Mapping[str, Dataset], split: Split) -> dict[str, SplitScore]:
    """Scores by data set: as the run recorded them, or, for a data set that it was not trained on, read now."""
    noted = {row.name: row for row in run.sources.all()}
    scores = {}
    for name, dataset in datasets.items():
        if name in noted:
            images = dataset.size(split)
            accuracy = noted[name].validation_accuracy if split == Split.VALIDATION else noted[name].test_accuracy
            scores[name] = SplitScore(round((accuracy or 0.0) * images), images)
        elif run.stored_model is not None:
            read = evaluate_dataset(dataset, loading.load_stored(run.stored_model), split=split)
            scores[name] = SplitScore(read.correct, read.images)
    return scores
