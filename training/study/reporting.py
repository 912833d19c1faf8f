"""Our figures beside the thesis's: as JSON, and as tables in Markdown."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.devices import sheet
from training.jobs.models import State
from training.study import services
from training.study.experiments import TEST, ExperimentRow, ThesisExperiment
from training.study.models import StudyRun
from training.study.verdicts import group_of, pooled_deviation, spread_of, tolerance, verdict

RunFigures = dict[str, Any]
RowFigures = Mapping[str, Any]
ExperimentFigures = Mapping[str, Any]
"""As their JSON has them: docs/figures/study-EXPERIMENT.json."""
Group = tuple[Any, ...]
ENDED = (State.SUCCEEDED, State.FAILED)

HEADER = (
    "| row | thesis, % | ours at its best epoch, % | difference | verdict | ε | epoch "
    "| ours at the end, % | own test at the end, % |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


def figures(
    experiment: ThesisExperiment, scale: str, dataset: Dataset, made: services.RunsByRecipe
) -> ExperimentFigures:
    """All figures of an experiment, in the order of the thesis's rows, without verdicts."""
    return {
        "experiment": experiment.name,
        "command": f"python manage.py study {experiment.name} --scale {scale}",
        "source": experiment.source,
        "scale": scale,
        "epochs": services.epochs_of(experiment, scale),
        "note": experiment.note,
        "dataset": dataset.name,
        "images": {split.key: dataset.size(split) for split in Split},
        "rows": [_row(experiment, row, scale, dataset, made) for row in experiment.rows],
    }


def _row(
    experiment: ThesisExperiment, row: ExperimentRow, scale: str, dataset: Dataset, made: services.RunsByRecipe
) -> RowFigures:
    recipe = services.needed_run(experiment, row, services.SEEDS[0], scale, dataset).recipe
    shared = {name: value for name, value in recipe.as_dict().items() if name != "seed"}
    runs = [_run(each) for each in services.runs_of(experiment, row, scale, made, dataset)]
    return _summarised({**thesis_figures(experiment, row), "recipe": shared}, runs)


def _summarised(row: RowFigures, runs: Sequence[RunFigures]) -> RowFigures:
    """A row with these runs, by seed: their mean and spread in per cent."""
    with_runs = {**row, "runs": sorted(runs, key=lambda run: run["seed"])}
    best = _best(with_runs)
    return {
        **with_runs,
        "monitored": 100 * statistics.fmean(best) if best else None,
        "spread": 100 * statistics.stdev(best) if len(best) > 1 else None,
        "seeds": len(best),
    }


def thesis_figures(experiment: ThesisExperiment, row: ExperimentRow) -> RowFigures:
    """What the thesis says of a row; `thesis_digits` has its accuracy with the digits that its table gives."""
    return {
        "row": row.label,
        "thesis": row.thesis,
        "thesis_digits": None if row.thesis is None else experiment.written(row.thesis),
        "thesis_says": row.said or None,
        "thesis_counted": row.counted,
    }


def _run(made: StudyRun) -> RunFigures:
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
        "machine": machine(),
        "error": run.error or None,
        "curve": [round(row.validation_accuracy, 5) for row in run.rows.all()],
    }


@cache
def machine() -> str:
    """The processor of this machine, which is that of its runs unless workers elsewhere trained them."""
    found = sheet.read()
    return f"{found.cpu_model or found.architecture}, {found.cores} cores"


def completed(found: ExperimentFigures, published: ExperimentFigures) -> ExperimentFigures:
    """Figures of runs made here together with those that were published."""
    known = {row["row"]: row for row in published["rows"]}
    alike = published["images"] == found["images"]
    return {**found, "rows": [_joined(row, known.get(row["row"], {}), alike=alike) for row in found["rows"]]}


def _joined(row: RowFigures, published: RowFigures, *, alike: bool) -> RowFigures:
    """A row with the runs of both: of a seed that both have ended, the run that was made here.

    A published row of other pictures (not `alike`) or of another recipe stands only where none has ended here.
    """
    told, ours = ended_runs(published), ended_runs(row)
    if not told:
        return row
    if alike and published.get("recipe") == row["recipe"]:
        by_seed = {run["seed"]: run for run in (*row["runs"], *told, *ours)}
        return _summarised(row, list(by_seed.values()))
    return row if ours else published


def judged(found: Sequence[ExperimentFigures]) -> list[ExperimentFigures]:
    """The figures of several experiments with verdicts; rows spread as those alike do in all of them."""
    groups = defaultdict[Group, list[list[float]]](list)
    for row in (row for each in found for row in each["rows"]):
        groups[_group(row)].append(_best(row))
    deviations = {group: pooled_deviation(rows) for group, rows in groups.items()}
    return [
        {**each, "rows": [_judged(row, deviations[_group(row)], each["images"]["validation"]) for row in each["rows"]]}
        for each in found
    ]


def _group(row: RowFigures) -> Group:
    return group_of(row.get("recipe") or {})


def _best(row: RowFigures) -> list[float]:
    return [run["best_monitored"] for run in ended_runs(row) if run["best_monitored"] is not None]


def ended_runs(row: RowFigures) -> list[RunFigures]:
    """The runs of a row that count: one that is paused or still trains says nothing yet."""
    return [run for run in row.get("runs", ()) if run["state"] in ENDED]


def own_tests(row: RowFigures) -> list[float]:
    """Accuracy on our own test split of each seed that was scored: of its weights at the last epoch."""
    return [run["own_test"] for run in row.get("runs", ()) if run["own_test"] is not None]


def _judged(row: RowFigures, deviation: float | None, pictures: int) -> RowFigures:
    """A row with its tolerance ε in points; none without a figure on both sides and a known spread.

    Args:
        row: it.
        deviation: the spread of rows alike.
        pictures: that were scored.

    """
    best = _best(row)
    spread = spread_of(best, deviation)
    if row["thesis"] is None or not best or spread is None:
        return {**row, "tolerance": None, "verdict": None}
    thesis = row["thesis"] / 100
    epsilon = tolerance(spread, thesis, pictures)
    return {**row, "tolerance": 100 * epsilon, "verdict": verdict(statistics.fmean(best), thesis, epsilon)}


def markdown(found: ExperimentFigures) -> str:
    """One experiment as a table, with the facts needed to read it."""
    images = ", ".join(f"{count} {split}" for split, count in found["images"].items())
    lines = [
        f"## {found['experiment']} ({found['source']})",
        "",
        f"{found['epochs']} epochs; {found['dataset']}: {images} images. {found['note']}",
        "",
        HEADER,
        *(_line(row, found["epochs"]) for row in found["rows"]),
    ]
    return "\n".join(lines) + "\n"


def shorter(row: RowFigures, epochs: int) -> int | None:
    """Of how many epochs a row's runs are, where that is not `epochs`: published ones may be of an older recipe."""
    own: int = row.get("recipe", {}).get("epochs", epochs)
    return None if own == epochs else own


def _line(row: RowFigures, epochs: int) -> str:
    counted = row["thesis_counted"] and f"({row['thesis_counted']:,} of {TEST:,})"
    thesis = " ".join(filter(None, [said(row), counted])) or "—"
    ours = "—" if row["monitored"] is None else f"{row['monitored']:.2f}"
    if row["spread"] is not None:
        ours += f" ± {row['spread']:.2f} ({row['seeds']} seeds)"
    known = row["thesis"] is not None and row["monitored"] is not None
    difference = f"{row['monitored'] - row['thesis']:+.2f}" if known else "—"
    first = next(iter(ended_runs(row)), {})
    tests = own_tests(row)
    last, test = _share(first.get("last_monitored")), _share(statistics.fmean(tests) if tests else None)
    if 0 < len(tests) < row["seeds"]:
        test += f" (seeds: {len(tests)})"
    epoch, own = first.get("best_epoch") or "—", shorter(row, epochs)
    epoch = f"{epoch} of {own}" if own else epoch
    epsilon = "—" if row["tolerance"] is None else f"{row['tolerance']:.2f}"
    judged = f"{difference} | {row['verdict'] or '—'} | {epsilon}"
    return f"| {row['row']} | {thesis} | {ours} | {judged} | {epoch} | {last} | {test} |"


def said(row: RowFigures, translate: Callable[[str], str] = str, write: Callable[[str], str] = str) -> str:
    """What the thesis says of a row's accuracy: its digits, in its words; nothing where it says neither."""
    digits = write(row["thesis_digits"]) if row.get("thesis_digits") else ""
    words = translate(row["thesis_says"]) if row.get("thesis_says") else ""
    return words % digits if "%s" in words else words or digits


def _share(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.2f}"
