"""The data of the report as CSV: every row, every curve, every step of the story."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from recognizer import csv_files
from training.study import story
from training.study.reporting import ExperimentFigures, ended_runs
from training.study.results import results

Table = Iterator[Sequence[Any]]
_RUN = ("seed", "best_monitored", "best_epoch", "last_monitored", "own_test", "seconds", "weights_sha256")


def write(folder: Path) -> list[Path]:
    """Write all files, and return their paths."""
    found = results()
    tables = {"rows": rows(found), "runs": runs(found), "curves": curves(found), "story": steps(found)}
    paths = []
    for name, table in tables.items():
        path = folder / f"study-{name}.csv"
        path.write_text("".join(csv_files.pieces(table, csv_files.CsvStyle())), encoding="utf-8")
        paths.append(path)
    return paths


def rows(found: Sequence[ExperimentFigures]) -> Table:
    """A line for each row of each experiment: the thesis's accuracy and ours, in per cent, and the verdict."""
    yield "experiment", "source", "row", "thesis", "ours", "spread", "seeds", "tolerance", "verdict", "epochs"
    for each in found:
        for row in each["rows"]:
            seeds = len([run for run in ended_runs(row) if run["best_monitored"] is not None])
            figures = (row["thesis"], row["monitored"], row.get("spread"), seeds, row["tolerance"], row["verdict"])
            yield each["experiment"], each["source"], row["row"], *figures, each["epochs"]


def runs(found: Sequence[ExperimentFigures]) -> Table:
    """A line for each training."""
    yield "experiment", "row", *_RUN
    for each in found:
        for row in each["rows"]:
            for run in row["runs"]:
                yield each["experiment"], row["row"], *(run.get(name) for name in _RUN)


def curves(found: Sequence[ExperimentFigures]) -> Table:
    """A line for each epoch of each training: accuracy on the monitored split, 0…1."""
    yield "experiment", "row", "seed", "epoch", "accuracy"
    for each in found:
        for row in each["rows"]:
            for run in row["runs"]:
                for epoch, accuracy in enumerate(run.get("curve", ()), start=1):
                    yield each["experiment"], row["row"], run["seed"], epoch, accuracy


def steps(found: Sequence[ExperimentFigures]) -> Table:
    """The story: accuracy in per cent after each step."""
    yield "step", "thesis", "ours", "scored on"
    for point in story.points(found):
        yield point.label, point.thesis, point.ours, point.scored
