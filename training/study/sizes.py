"""Models by shape and precision: each shape trained once, each precision made of it; all of them scored and timed.

What was made of a shape with fewer neurons (`compress --neurons`) is scored and timed with it. What the catalogue has
is not made again, and a training that was interrupted goes on from its last epoch: the same call goes on where it was
stopped. The page where a model is chosen shows what came of it.
"""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recognizer import loading
from recognizer.core.precision import WEIGHT_BITS
from recognizer.models import StoredModel
from training.core.hyperparameters import PRESETS, Hyperparameters
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.scoring import score_dataset
from training.devices import compression
from training.devices.benchmarks import execution as timing
from training.devices.choice.measured import ModelFigures
from training.devices.models import Benchmark
from training.devices.services import new_benchmark, new_compression, this_device
from training.jobs import lifecycle, terminal
from training.jobs.models import Job, State
from training.jobs.worker.work_loop import worker_name
from training.runs.defaults import Source, fitting_shares
from training.runs.models import Run
from training.runs.services import create_run
from training.study.terminal import train_here

PRECISIONS = ("fp16", "int8-weights", "int8", "int4", "int2")
TUNED = ("int4", "int2")
"""Precisions that are trained in whole numbers after their calibration."""
TIMED_IMAGES = 2_000
"""Of one repeat of a timing, letters one by one."""


class SizesError(ValueError):
    """A sweep of sizes that cannot go on; the message is a sentence for whoever asked for it."""


@dataclass(frozen=True)
class Shape:
    """A network to train.

    Attributes:
        name: of its model.
        preset: the recipe that it starts from.
        hidden_layers: neurons of each; empty: the preset's.
        takes_synthetic: whether it trains on synthetic letters, too; few weights read better without.

    """

    name: str
    preset: str
    hidden_layers: tuple[int, ...] = ()
    takes_synthetic: bool = True

    @classmethod
    def named(cls, name: str) -> "Shape":
        """A preset's, one of `SHAPES`, or hidden layers such as 128-64 with the recipe of `small`.

        Raises:
            SizesError: it is none of them.

        """
        if name in SHAPES:
            return SHAPES[name]
        if name in PRESETS:
            return cls(name, name)
        if re.fullmatch(r"\d{1,4}(-\d{1,4})*", name):
            return cls(name, "small", tuple(map(int, name.split("-"))), takes_synthetic=False)
        raise SizesError(f"“{name}” is no shape: name a preset ({', '.join(PRESETS)}) or hidden layers such as 128-64.")

    def recipe(self, epochs: int | None) -> Hyperparameters:
        """All hyperparameters."""
        changes = {"hidden_layers": self.hidden_layers} if self.hidden_layers else {}
        more = {} if epochs is None else {"epochs": epochs}
        return Hyperparameters.from_mapping({**changes, **more}, base=PRESETS[self.preset])


SHAPES = {
    each.name: each
    for each in (
        Shape("tiny", "tiny"),
        Shape("small", "small", takes_synthetic=False),
        Shape("112-56", "small", (112, 56), takes_synthetic=False),
        Shape("128-64", "small", (128, 64), takes_synthetic=False),
        Shape("medium", "standard", (192, 96)),
        Shape("standard", "standard"),
        Shape("best", "best"),
    )
}
"""The smallest first."""


@dataclass(frozen=True)
class SizeSweep:
    """A sweep over shapes × precisions.

    Attributes:
        datasets: that are trained on and, those of people, read.
        shapes, precisions: what is made.
        epochs: of each training; None: the preset's.
        tuning: epochs of training in whole numbers, for `TUNED`.
        is_timed: whether this machine times the models.

    """

    datasets: Sequence[Dataset]
    shapes: Sequence[Shape]
    precisions: Sequence[str] = PRECISIONS
    epochs: int | None = None
    tuning: int = 8
    is_timed: bool = True

    def run(self) -> Iterator[ModelFigures]:
        """Make what is not there yet; the figures of each model as soon as they are known.

        Raises:
            SizesError: a training, a compression or a timing has not succeeded.

        """
        for shape in self.shapes:
            parent = self._trained(shape)
            yield self._figures(parent)
            made = []
            for precision in self.precisions:
                if WEIGHT_BITS[precision] < WEIGHT_BITS[parent.precision]:
                    made.append(self._compressed(parent, precision))
                    yield self._figures(made[-1])
            for other in parent.children.exclude(pk__in=[each.pk for each in made]).exclude(sizes=parent.sizes):
                yield self._figures(other)

    def _trained(self, shape: Shape) -> StoredModel:
        """The network of a shape: of the catalogue, or trained now."""
        if found := StoredModel.objects.filter(name=shape.name).first():
            return found
        run = self._run_of(shape)
        train_here(run)
        run.refresh_from_db()
        if run.state != State.SUCCEEDED or run.stored_model is None:
            raise SizesError(f"The training of {shape.name} has not succeeded ({run.state}): {run.error}")
        return run.stored_model

    def _run_of(self, shape: Shape) -> Run:
        """The run of a shape, claimed by this process: a new one, or the one that was interrupted."""
        lifecycle.reap()
        run = Run.objects.filter(name=shape.name, state__in=(State.QUEUED, State.PAUSED, State.RUNNING)).last()
        if run is None:
            return self._new_run(shape)
        if run.state == State.PAUSED:
            lifecycle.resume(run)
            run.refresh_from_db()
        if not lifecycle.claim(Run, run.pk, attempt=run.attempt, worker=worker_name()):
            raise SizesError(f"Run {run.pk} of {shape.name} is at work elsewhere: wait for its end, then go on.")
        run.refresh_from_db()
        return run

    def _new_run(self, shape: Shape) -> Run:
        """A run of a shape that this process has claimed."""
        chosen = [dataset for dataset in self.datasets if shape.takes_synthetic or not dataset.is_synthetic]
        recipe = shape.recipe(self.epochs)
        shares = fitting_shares([Source.of(dataset) for dataset in chosen], recipe)
        recipe = dataclasses.replace(recipe, **shares)
        return create_run(chosen, recipe, preset=shape.preset, name=shape.name, queue=False)

    def _compressed(self, parent: StoredModel, precision: str) -> StoredModel:
        """A model in fewer bits: of the catalogue, or made now."""
        if found := parent.children.filter(precision=precision, sizes=parent.sizes).order_by("-pk").first():
            return found
        job = new_compression(parent, precision, self.tuning if precision in TUNED else 0)
        terminal.do_here(
            lambda: lifecycle.create_claimed(job, worker=worker_name()), compression.execute, lambda job: f"{job}"
        )
        _checked(job)
        if job.result is None:
            raise SizesError(f"{job}: the new model was deleted again.")
        return job.result

    def _figures(self, model: StoredModel) -> ModelFigures:
        """Score and time one model. What its card says of a test split is not read again."""
        read = [row for row in self.datasets if not row.is_synthetic]
        loaded = loading.load_stored(model)
        validation = {row.name: score_dataset(row, loaded, split=Split.VALIDATION).accuracy for row in read}
        known = model.accuracy
        test = {
            row.name: known[row.name] if row.name in known else score_dataset(row, loaded, split=Split.TEST).accuracy
            for row in read
        }
        return ModelFigures(
            model.name,
            model.precision,
            model.architecture,
            model.file_bytes,
            model.file_sha256,
            {name: round(share, 4) for name, share in validation.items()},
            {name: round(share, 4) for name, share in test.items()},
            {"computer": self._microseconds(model)} if self.is_timed else {},
        )

    def _microseconds(self, model: StoredModel) -> float:
        """For one letter on this machine: of the newest timing, or timed now."""
        device = this_device()
        done = Benchmark.objects.filter(model=model, precision=model.precision, batch_size=1, state=State.SUCCEEDED)
        job = done.filter(device=device).order_by("pk").last() if device else None
        if job is None:
            job = new_benchmark(model, images=TIMED_IMAGES, batch_size=1, repeats=5)
            terminal.do_here(
                lambda: lifecycle.create_claimed(job, worker=worker_name()),
                timing.execute,
                lambda job: f"Time of {job}",
            )
            _checked(job)
        return round(float((job.results or {})["microseconds_per_image"]), 2)


def _checked(job: Job) -> None:
    """Raises SizesError where a job has not succeeded."""
    job.refresh_from_db()
    if job.state != State.SUCCEEDED:
        raise SizesError(f"{job} has not succeeded ({job.state}): {job.error}")
