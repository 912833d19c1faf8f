"""The study's runs: which are needed, each made once, resumed after a stop, the best scored at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from training.core.evaluation import evaluate
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs import services as runs
from training.runs.models import Run
from training.runs.worker import checkpoints
from training.runs.worker.samples import load_split
from training.study.experiments import ThesisExperiment
from training.study.models import StudyRun
from training.sweeps.models import OPEN

SCALES = ("quick", "full")
QUICK_EPOCHS = 3
SEEDS = (1, 2, 3)
"""Every row is trained with the first; at full scale the best row of each experiment with the others too."""


@dataclass(frozen=True)
class NeededRun:
    """A run that the study needs."""

    experiment: ThesisExperiment
    row: int
    seed: int
    scale: str

    @property
    def epochs(self) -> int:
        """How long it trains."""
        return self.experiment.epochs if self.scale == "full" else QUICK_EPOCHS


def needed_runs(experiment: ThesisExperiment, scale: str, dataset: Dataset) -> list[NeededRun]:
    """The runs of an experiment as far as they are known: all rows, then the repeats of the best one."""
    first = [NeededRun(experiment, row, SEEDS[0], scale) for row in range(len(experiment.rows))]
    best = best_row(experiment, scale, dataset) if scale == "full" else None
    return first if best is None else [*first, *(NeededRun(experiment, best, seed, scale) for seed in SEEDS[1:])]


def best_row(experiment: ThesisExperiment, scale: str, dataset: Dataset) -> int | None:
    """The row with the highest monitored accuracy at the first seed; None until all rows have ended."""
    ended = {made.row: made.run for made in runs_of(experiment, scale, dataset) if made.seed == SEEDS[0]}
    if len(ended) < len(experiment.rows) or any(run.state in OPEN for run in ended.values()):
        return None
    known = {row: reached for row, run in ended.items() if (reached := run.best_validation_accuracy) is not None}
    return max(known, key=lambda row: (known[row], -row)) if known else None


def runs_of(experiment: ThesisExperiment, scale: str, dataset: Dataset) -> Sequence[StudyRun]:
    """The runs of an experiment that have been made."""
    made = StudyRun.objects.filter(experiment=experiment.name, scale=scale, dataset=dataset)
    return list(made.select_related("run"))


def ensure_run(need: NeededRun, dataset: Dataset) -> StudyRun:
    """The run that is needed: made if it is missing, queued again if it was paused or cancelled."""
    key = {
        "experiment": need.experiment.name,
        "row": need.row,
        "scale": need.scale,
        "seed": need.seed,
        "dataset": dataset,
    }
    found = StudyRun.objects.select_related("run").filter(**key).first()
    if found is not None:
        _revive(found.run)
        return found
    recipe = need.experiment.hyperparameters(need.experiment.rows[need.row], epochs=need.epochs, seed=need.seed)
    with transaction.atomic():
        name = f"study {need.experiment.name} {need.row + 1}"
        run = runs.create_run([dataset], recipe, name=name, is_trial=True)
        return StudyRun.objects.create(run=run, **key)


def _revive(run: Run) -> None:
    """Queue a paused or cancelled run again: it goes on from its last epoch."""
    if run.state == State.PAUSED:
        lifecycle.resume(run)
    elif run.state == State.CANCELLED:
        lifecycle.retry(run)


def is_waiting(made: StudyRun) -> bool:
    """Whether its run has not ended."""
    return made.run.state in OPEN


def score_best(experiment: ThesisExperiment, scale: str, dataset: Dataset) -> None:
    """Score the best row's network of each seed on our own test split, once that row is known."""
    best = best_row(experiment, scale, dataset)
    for made in runs_of(experiment, scale, dataset):
        if made.row != best or made.test_accuracy is not None or made.run.state != State.SUCCEEDED:
            continue
        state = checkpoints.load_latest(made.run)
        if state is None:
            continue
        samples = load_split(dataset, Split.TEST, made.run.recipe.ink_specification)
        accuracy = evaluate(state.network(), samples.inputs, samples.labels).accuracy
        StudyRun.objects.filter(pk=made.pk).update(test_accuracy=accuracy)


def all_needed_runs(experiments: Sequence[ThesisExperiment], scale: str, dataset: Dataset) -> Iterator[NeededRun]:
    """The runs of several experiments as far as they are known."""
    for experiment in experiments:
        yield from needed_runs(experiment, scale, dataset)
