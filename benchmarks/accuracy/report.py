"""Both tables as reports: every training, the mean of each row over its seeds, and the goals that it is held to."""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from benchmarks.accuracy.plan import DATASETS, LIKE_POINTS, TableRow
from benchmarks.accuracy.trainings import Result, SplitScore
from benchmarks.harness import BenchmarkReport, Figure

Z = 1.959964
"""Standard normal quantile of 97.5 %: intervals of 95 %."""


def wilson(share: float, images: int) -> tuple[float, float]:
    """The 95 % interval of a share found on this many images (Wilson 1927)."""
    spread = Z * Z / images
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * math.sqrt(share * (1 - share) / images + spread / (4 * images))
    return middle - half, middle + half


def presets(rows: Sequence[TableRow], results: Sequence[Result], machine: Mapping[str, Any]) -> BenchmarkReport:
    """The table of presets: validation and test on each data set, held against the goals."""
    cells = _cells(results, ("validation", "test"))
    columns = ("row", "seed", "parameters", "epochs", "seconds", *_columns(cells))
    lines = [line for group in _by_row(results) for line in _lines(group, cells)]
    title = "Accuracy of the presets in percent, with 95 % intervals"
    return BenchmarkReport("accuracy", title, machine, list(_figures(rows, results)), columns, lines)


def ablation(results: Sequence[Result], machine: Mapping[str, Any]) -> BenchmarkReport:
    """The table of parts: what validation loses without each; the first row is the whole recipe."""
    groups = list(_by_row(results))
    cells = _cells(results, ("validation",))
    columns = ("recipe", "seed", "parameters", "epochs", "seconds", *_columns(cells))
    lines = [line for group in groups for line in _lines(group, cells)]
    figures = [
        Figure(
            f"{group[0].row}, {DATASETS[name].label}",
            100 * (_mean(group, name, "validation") - _mean(groups[0], name, "validation")),
            "points",
        )
        for group in groups[1:]
        for name, _part in cells
    ]
    title = "What each part of the recipe is worth: validation accuracy in percent, with 95 % intervals"
    return BenchmarkReport("ablation", title, machine, figures, columns, lines)


def peers(
    results: Sequence[Result], full_length: Sequence[Mapping[str, str]], machine: Mapping[str, Any]
) -> BenchmarkReport:
    """The table of peers beside ours; below it ours at full length, lines of the table of presets."""
    cells = _cells(results, ("validation", "test"))
    columns = ("row", "seed", "parameters", "epochs", "seconds", *_columns(cells))
    lines = [line for group in _by_row(results) for line in _lines(group, cells)]
    lines += [tuple(line[column] for column in columns) for line in full_length]
    title = "Accuracy of other readers beside ours in percent, with 95 % intervals"
    return BenchmarkReport("peers", title, machine, [], columns, lines)


def _by_row(results: Sequence[Result]) -> Iterator[list[Result]]:
    """Results of one row together, rows in the order in which they came first."""
    order = {name: place for place, name in reversed(list(enumerate(result.row for result in results)))}
    for _, group in groupby(sorted(results, key=lambda each: order[each.row]), key=lambda each: each.row):
        yield list(group)


def _cells(results: Sequence[Result], parts: Sequence[str]) -> list[tuple[str, str]]:
    """The data sets that any of these was read on, each with the splits that are reported."""
    read = {name for result in results for name in result.validation}
    return [(name, part) for name in DATASETS if name in read for part in parts]


def _columns(cells: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{DATASETS[name].label} {part}" for name, part in cells]


def _lines(group: Sequence[Result], cells: Sequence[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """A line for each seed, and one for their mean."""
    for result in group:
        scores = [_scores(result, name, part) for name, part in cells]
        yield _line(result, str(result.seed), result.seconds, scores)
    if len(group) > 1:
        seconds = statistics.mean(result.seconds for result in group)
        yield _line(group[0], "mean", seconds, [_pooled(group, name, part) for name, part in cells])


def _line(result: Result, seed: str, seconds: float, scores: Sequence[tuple[float, int] | None]) -> tuple[str, ...]:
    first = (result.row, seed, f"{result.parameters:,}", str(result.epochs), f"{seconds:.0f}")
    return (*first, *(_cell(score) for score in scores))


def _scores(result: Result, name: str, part: str) -> tuple[float, int] | None:
    """Share read right, and the number of images."""
    scores: Mapping[str, SplitScore] = getattr(result, part)
    return (scores[name].correct / scores[name].images, scores[name].images) if name in scores else None


def _pooled(group: Sequence[Result], name: str, part: str) -> tuple[float, int] | None:
    """The mean over seeds. They read the same images, so these count once."""
    found = [score for result in group if (score := _scores(result, name, part)) is not None]
    return (statistics.mean(share for share, _ in found), found[0][1]) if found else None


def _cell(score: tuple[float, int] | None) -> str:
    if score is None:
        return "—"
    low, high = wilson(*score)
    return f"{100 * score[0]:.2f} ({100 * low:.2f} … {100 * high:.2f})"


def _mean(group: Sequence[Result], name: str, part: str) -> float:
    score = _pooled(group, name, part)
    return math.nan if score is None else score[0]


def _figures(rows: Sequence[TableRow], results: Sequence[Result]) -> Iterator[Figure]:
    """The mean test accuracy of each row that has a goal."""
    groups = {group[0].row: group for group in _by_row(results)}
    for row in rows:
        for name, must in row.must.items():
            what = f"{row.name}, {DATASETS[name].label} test (aim {row.aim[name]:g})"
            yield Figure(what, 100 * _mean(groups[row.name], name, "test"), "%", must, more_is_better=True)
        if row.like in groups:
            for name in row.reads:
                points = 100 * (_mean(groups[row.name], name, "test") - _mean(groups[row.like], name, "test"))
                what = f"{row.name} less {row.like}, {DATASETS[name].label} test"
                yield Figure(what, points, "points", -LIKE_POINTS, more_is_better=True)
