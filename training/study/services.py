"""The study's runs: which are needed, each made once, resumed after a stop, the best scored at the end."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from training.core.evaluation import evaluate
from training.core.hyperparameters import Hyperparameters
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs import services as runs
from training.runs.models import Run
from training.runs.worker import checkpoints
from training.runs.worker.samples import load_split
from training.study.experiments import ExperimentRow, ThesisExperiment
from training.study.models import StudyRun
from training.sweeps.models import OPEN

FULL = "full"
SCALES = ("quick", FULL)
QUICK_EPOCHS, QUICK_SAMPLES = 3, 6_600
"""At the quick scale: epochs, and pictures that each of them shows at most."""
SEEDS = (1, 2, 3)
"""Every row is trained with the first; at full scale the best rows, ours and the thesis's, with all."""

RunsByRecipe = Mapping[Hyperparameters, StudyRun]
KnownRuns = Mapping[tuple[str, int], float]
"""Best monitored accuracy of runs that need not be trained here, by a row's label and the seed."""


@dataclass(frozen=True)
class NeededRun:
    """A run that the study needs.

    Attributes:
        experiment, row: what it belongs to.
        recipe: all that is chosen, the seed among it.

    """

    experiment: ThesisExperiment
    row: ExperimentRow
    recipe: Hyperparameters


def epochs_of(experiment: ThesisExperiment, scale: str) -> int:
    """How long each of its runs trains."""
    return experiment.epochs if scale == FULL else QUICK_EPOCHS


def needed_runs(
    experiment: ThesisExperiment, scale: str, dataset: Dataset, known: KnownRuns | None = None
) -> list[NeededRun]:
    """The runs of an experiment as far as they are known: all rows, then the repeats of the best one, or of all."""
    known = known or {}
    repeated = _repeated_rows(experiment, scale, dataset, known)
    pairs = [(SEEDS[0], row) for row in experiment.rows] + [(seed, row) for seed in SEEDS[1:] for row in repeated]
    return [needed_run(experiment, row, seed, scale, dataset) for seed, row in pairs if (row.label, seed) not in known]


def _repeated_rows(
    experiment: ThesisExperiment, scale: str, dataset: Dataset, known: KnownRuns
) -> Sequence[ExperimentRow]:
    if scale != FULL:
        return ()
    if experiment.repeats_all:
        return experiment.rows
    best = best_row(experiment, scale, dataset, known)
    return () if best is None else tuple({row.label: row for row in (best, experiment.thesis_best)}.values())


def needed_run(experiment: ThesisExperiment, row: ExperimentRow, seed: int, scale: str, dataset: Dataset) -> NeededRun:
    """The run of a row with a seed."""
    epochs, samples = epochs_of(experiment, scale), dataset.size(Split.TRAIN)
    recipe = experiment.hyperparameters(row, epochs=epochs, seed=seed, samples=samples)
    if scale != FULL:
        recipe = dataclasses.replace(recipe, epoch_samples=min(QUICK_SAMPLES, samples))
    return NeededRun(experiment, row, recipe)


def best_row(
    experiment: ThesisExperiment, scale: str, dataset: Dataset, known: KnownRuns | None = None
) -> ExperimentRow | None:
    """The row with the highest monitored accuracy at the first seed; None until all rows have ended."""
    made, reached = runs_by_recipe(dataset), dict[str, float]()
    for row in experiment.rows:
        found = made.get(needed_run(experiment, row, SEEDS[0], scale, dataset).recipe)
        if found is not None and not is_waiting(found):
            reached[row.label] = found.run.best_validation_accuracy or 0.0
        elif (accuracy := (known or {}).get((row.label, SEEDS[0]))) is not None:
            reached[row.label] = accuracy
        else:
            return None
    return max(experiment.rows, key=lambda row: reached[row.label]) if any(reached.values()) else None


def runs_by_recipe(dataset: Dataset) -> RunsByRecipe:
    """All that the study has made of a data set."""
    return {made.run.recipe: made for made in dataset.study_runs.select_related("run").order_by("-pk")}


def runs_of(
    experiment: ThesisExperiment, row: ExperimentRow, scale: str, made: RunsByRecipe, dataset: Dataset
) -> list[StudyRun]:
    """The runs of a row that have been made, by seed."""
    needed = (needed_run(experiment, row, seed, scale, dataset).recipe for seed in SEEDS)
    return [made[recipe] for recipe in needed if recipe in made]


def ensure_runs(needs: Iterable[NeededRun], dataset: Dataset) -> list[tuple[NeededRun, StudyRun]]:
    """The runs that are needed: made if they are missing, queued again if they were paused or cancelled."""
    with transaction.atomic():
        Dataset.objects.select_for_update().get(pk=dataset.pk)  # one at a time, so that none is made twice
        made = dict(runs_by_recipe(dataset))
        pairs = []
        for need in needs:
            if need.recipe not in made:
                made[need.recipe] = _make(need, dataset)
            pairs.append((need, made[need.recipe]))
    for _need, found in pairs:
        _revive(found.run)
    return pairs


def _make(need: NeededRun, dataset: Dataset) -> StudyRun:
    name = f"study {need.experiment.name} {need.experiment.rows.index(need.row) + 1}"
    run = runs.create_run([dataset], need.recipe, name=name, is_trial=True)
    return StudyRun.objects.create(run=run, dataset=dataset)


def _revive(run: Run) -> None:
    """Queue a paused or cancelled run again: it goes on from its last epoch."""
    if run.state == State.PAUSED:
        lifecycle.resume(run)
    elif run.state == State.CANCELLED:
        lifecycle.retry(run)


def is_waiting(made: StudyRun) -> bool:
    """Whether its run has not ended."""
    return made.run.state in OPEN


def score_best(experiment: ThesisExperiment, scale: str, dataset: Dataset, known: KnownRuns | None = None) -> None:
    """Score the best row's network of each seed on our own test split, once that row is known."""
    best = best_row(experiment, scale, dataset, known)
    if best is None:
        return
    for made in runs_of(experiment, best, scale, runs_by_recipe(dataset), dataset):
        if made.test_accuracy is not None or made.run.state != State.SUCCEEDED:
            continue
        state = checkpoints.load_latest(made.run)
        if state is None:
            continue
        samples = load_split(dataset, Split.TEST, made.run.recipe.ink_specification)
        accuracy = evaluate(state.network(), samples.inputs, samples.labels).accuracy
        StudyRun.objects.filter(pk=made.pk).update(test_accuracy=accuracy)
