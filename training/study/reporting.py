"""Our figures beside the thesis's: as JSON, and as tables in Markdown."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from training.core.hyperparameters import Hyperparameters
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.jobs.models import State
from training.study import services
from training.study.experiments import TEST, ExperimentRow, ThesisExperiment
from training.study.models import StudyRun
from training.study.verdicts import group_of, pooled_deviation, tolerance, verdict

HEADER = (
    "| row | thesis, % | ours at its best epoch, % | difference | verdict | ε | epoch "
    "| ours at the end, % | own test, % |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)
Deviations = Mapping[tuple[str, str, str], float]
"""Standard deviation over seeds, 0…1, of rows with a cost, an output error and an activation."""


@dataclass(frozen=True)
class StudyRuns:
    """What the study has trained of a data set at a scale, and how much its figures spread over seeds.

    Attributes:
        scale, dataset: of which.
        made: runs by recipe.
        deviations: by what spreads alike.

    """

    scale: str
    dataset: Dataset
    made: services.RunsByRecipe
    deviations: Deviations

    @classmethod
    def of(cls, experiments: Iterable[ThesisExperiment], scale: str, dataset: Dataset) -> Self:
        """All of it; the spread is that of the rows of these experiments that have several seeds."""
        bare = cls(scale, dataset, services.runs_by_recipe(dataset), {})
        groups = defaultdict[tuple[str, str, str], list[list[float]]](list)
        for experiment in experiments:
            for row in experiment.rows:
                if accuracies := _best(bare.of_row(experiment, row)):
                    groups[group_of(bare.recipe(experiment, row))].append(accuracies)
        known = {
            group: deviation for group, rows in groups.items() if (deviation := pooled_deviation(rows)) is not None
        }
        return replace(bare, deviations=known)

    def recipe(self, experiment: ThesisExperiment, row: ExperimentRow) -> Hyperparameters:
        """What a row trains with the first seed."""
        return services.needed_run(experiment, row, services.SEEDS[0], self.scale, self.dataset).recipe

    def of_row(self, experiment: ThesisExperiment, row: ExperimentRow) -> list[StudyRun]:
        """The runs of a row, by seed."""
        return services.runs_of(experiment, row, self.scale, self.made, self.dataset)


def figures(experiment: ThesisExperiment, study: StudyRuns) -> dict[str, Any]:
    """All figures of an experiment, in the order of the thesis's rows."""
    return {
        "experiment": experiment.name,
        "source": experiment.source,
        "scale": study.scale,
        "epochs": services.epochs_of(experiment, study.scale),
        "note": experiment.note,
        "dataset": study.dataset.name,
        "images": {split.key: study.dataset.size(split) for split in Split},
        "rows": [_row(experiment, row, study) for row in experiment.rows],
    }


def _row(experiment: ThesisExperiment, row: ExperimentRow, study: StudyRuns) -> dict[str, Any]:
    made = study.of_row(experiment, row)
    best, recipe = _best(made), study.recipe(experiment, row)
    return {
        "row": row.label,
        "thesis": row.thesis,
        "thesis_says": row.said or None,
        "thesis_counted": row.counted,
        "monitored": _mean([100 * accuracy for accuracy in best]),
        "spread": 100 * statistics.stdev(best) if len(best) > 1 else None,
        "seeds": len(best),
        **_verdict(row, best, study.deviations.get(group_of(recipe)), study.dataset.size(Split.VALIDATION)),
        "recipe": {**recipe.as_dict(), "seed": None},
        "runs": [_run(each) for each in made],
    }


def _best(made: Sequence[StudyRun]) -> list[float]:
    """The monitored accuracy of each ended run at its best epoch."""
    ended = [each.run for each in made if each.run.state in (State.SUCCEEDED, State.FAILED)]
    return [run.best_validation_accuracy for run in ended if run.best_validation_accuracy is not None]


def _verdict(row: ExperimentRow, best: Sequence[float], deviation: float | None, pictures: int) -> dict[str, Any]:
    """The verdict on a row and its tolerance ε in points; none without a figure on both sides and a known spread."""
    if row.thesis is None or not best or deviation is None:
        return {"tolerance": None, "verdict": None}
    epsilon = tolerance(deviation, row.thesis / 100, pictures)
    return {"tolerance": 100 * epsilon, "verdict": verdict(statistics.fmean(best), row.thesis / 100, epsilon)}


def _run(made: StudyRun) -> dict[str, Any]:
    run = made.run
    return {
        "run": run.pk,
        "seed": run.seed,
        "state": run.state,
        "best_monitored": run.best_validation_accuracy,
        "best_epoch": run.best_epoch,
        "last_monitored": run.validation_accuracy,
        "own_test": made.test_accuracy,
        "diverged_epoch": run.diverged_epoch,
        "weights_sha256": run.weights_sha256 or None,
        "seconds": run.seconds,
        "error": run.error or None,
        "curve": [round(value, 5) for value in run.rows.values_list("validation_accuracy", flat=True)],
    }


def _mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None


def markdown(found: dict[str, Any]) -> str:
    """One experiment as a table, with the facts needed to read it."""
    images = ", ".join(f"{count} {split}" for split, count in found["images"].items())
    lines = [
        f"## {found['experiment']} ({found['source']})",
        "",
        f"{found['epochs']} epochs; {found['dataset']}: {images} images. {found['note']}",
        "",
        HEADER,
        *(_line(row) for row in found["rows"]),
    ]
    return "\n".join(lines) + "\n"


def _line(row: dict[str, Any]) -> str:
    counted = row["thesis_counted"] and f"({row['thesis_counted']:,} of {TEST:,})"
    thesis = " ".join(filter(None, [row["thesis_says"], _figure(row["thesis"]), counted])) or "—"
    ours = "—" if row["monitored"] is None else f"{row['monitored']:.2f}"
    if row["spread"] is not None:
        ours += f" ± {row['spread']:.2f} ({row['seeds']} seeds)"
    known = row["thesis"] is not None and row["monitored"] is not None
    difference = f"{row['monitored'] - row['thesis']:+.2f}" if known else "—"
    first = row["runs"][0] if row["runs"] else {}
    tests = [each["own_test"] for each in row["runs"] if each["own_test"] is not None]
    last, test = _share(first.get("last_monitored")), _share(_mean(tests))
    epsilon = "—" if row["tolerance"] is None else f"{row['tolerance']:.2f}"
    judged = f"{difference} | {row['verdict'] or '—'} | {epsilon}"
    return f"| {row['row']} | {thesis} | {ours} | {judged} | {first.get('best_epoch') or '—'} | {last} | {test} |"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _share(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.2f}"
