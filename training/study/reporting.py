"""Our figures beside the thesis's: as JSON, and as tables in Markdown."""

import statistics
from collections.abc import Sequence
from typing import Any

from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.jobs.models import State
from training.study import services
from training.study.experiments import ExperimentRow, ThesisExperiment
from training.study.models import StudyRun

HEADER = (
    "| row | thesis, % | ours at its best epoch, % | difference | epoch | ours at the end, % | own test, % |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)


def figures(experiment: ThesisExperiment, scale: str, dataset: Dataset) -> dict[str, Any]:
    """All figures of an experiment, in the order of the thesis's rows."""
    made = services.runs_of(experiment, scale, dataset)
    return {
        "experiment": experiment.name,
        "source": experiment.source,
        "scale": scale,
        "epochs": experiment.epochs if scale == "full" else services.QUICK_EPOCHS,
        "note": experiment.note,
        "dataset": dataset.name,
        "images": {split.key: dataset.size(split) for split in Split},
        "rows": [_row(row, [each for each in made if each.row == place]) for place, row in enumerate(experiment.rows)],
    }


def _row(row: ExperimentRow, made: Sequence[StudyRun]) -> dict[str, Any]:
    ended = [each for each in made if each.run.state in (State.SUCCEEDED, State.FAILED)]
    best = [each.run.best_validation_accuracy for each in ended if each.run.best_validation_accuracy is not None]
    return {
        "row": row.label,
        "thesis": row.thesis,
        "thesis_says": row.said or None,
        "monitored": _mean([100 * accuracy for accuracy in best]),
        "spread": 100 * statistics.stdev(best) if len(best) > 1 else None,
        "seeds": len(best),
        "runs": [_run(each) for each in made],
    }


def _run(made: StudyRun) -> dict[str, Any]:
    run = made.run
    return {
        "run": run.pk,
        "seed": made.seed,
        "state": run.state,
        "best_monitored": run.best_validation_accuracy,
        "best_epoch": run.best_epoch,
        "last_monitored": run.validation_accuracy,
        "own_test": made.test_accuracy,
        "diverged_epoch": run.diverged_epoch,
        "weights_sha256": run.weights_sha256 or None,
        "seconds": run.seconds,
        "error": run.error or None,
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
    thesis = " ".join(filter(None, [row["thesis_says"], _figure(row["thesis"])])) or "—"
    ours = "—" if row["monitored"] is None else f"{row['monitored']:.2f}"
    if row["spread"] is not None:
        ours += f" ± {row['spread']:.2f} ({row['seeds']} seeds)"
    known = row["thesis"] is not None and row["monitored"] is not None
    difference = f"{row['monitored'] - row['thesis']:+.2f}" if known else "—"
    first = row["runs"][0] if row["runs"] else {}
    tests = [each["own_test"] for each in row["runs"] if each["own_test"] is not None]
    last, test = _share(first.get("last_monitored")), _share(_mean(tests))
    return f"| {row['row']} | {thesis} | {ours} | {difference} | {first.get('best_epoch') or '—'} | {last} | {test} |"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _share(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.2f}"
