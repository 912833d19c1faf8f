"""How well the copybook's judge names what is wrong with a drawing, and how seldom it finds fault with a right one."""

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.copybook.browser import Judge, chromium
from benchmarks.copybook.drawings import Drawn, careless, faulty, right
from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.reading import machine
from copybook.alphabets import letters
from training.datasets.synthesis.hand import Hand

LEAST_NAMED, LEAST_ACCEPTED = 95.0, 98.0
"""Per cent."""
SEED = 303
"""Of the drawings; the judge's settings were chosen on others, those of the seeds 101 and 202."""
RIGHT, FAULTY, FULL = 3, 1, 4
"""Drawings of each letter, and of each element and fault; how many times as many at full length."""
WRITERS: tuple[tuple[str, Hand | None, bool], ...] = (
    ("the generator's hand, on the lines", None, False),
    ("anywhere, half to twice as large, stretched by 1.6", None, True),
    ("a hand that varies 1.5 times as much", careless(), False),
)


class CopybookBenchmark:
    """Drawings with a fault, and right ones in another order, judged in Chromium."""

    name = "copybook"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Write, judge, count."""
        times = FULL if full else 1
        with chromium() as judge:
            rows = [row for name, hand, anywhere in WRITERS for row in _rows(judge, name, hand, anywhere, times)]
        first = {kind: share for _writer, kind, _count, share in rows[:5]}
        figures = [
            Figure(
                "faults of a stroke told with its name", first["a stroke left out or misplaced"], "%", LEAST_NAMED, True
            ),
            Figure("right drawings accepted", first["right, in another order"], "%", LEAST_ACCEPTED, True),
        ]
        table = [[writer, kind, str(count), f"{share:.1f} %"] for writer, kind, count, share in rows]
        title = f"The 132 letters of the copybook, written by a random hand and judged in Chromium (seed {SEED})"
        return BenchmarkReport(
            "copybook", title, machine(), figures, ("hand", "drawings", "number", "told right"), table
        )


def _rows(
    judge: Judge, name: str, hand: Hand | None, anywhere: bool, times: int
) -> Iterator[tuple[str, str, int, float]]:
    """Rows of the table: hand, kind of drawings, number, per cent told right."""
    rng = np.random.default_rng(SEED)
    good = [each for one in letters() for each in right(one, RIGHT * times, rng, writer=hand, anywhere=anywhere)]
    several = [one for one in letters() if len(one.elements) > 1]
    bad = [each for one in several for each in faulty(one, FAULTY * times, rng, writer=hand, anywhere=anywhere)]
    yield name, "right, in another order", len(good), _share(judge, good)
    strokes = [each for each in bad if each.is_whole_stroke]
    yield name, "a stroke left out or misplaced", len(strokes), _share(judge, strokes)
    for fault in ("missing", "misplaced"):
        mine = [each for each in strokes if each.fault == fault]
        yield name, f"a stroke {fault}", len(mine), _share(judge, mine)
    parts = [each for each in bad if not each.is_whole_stroke]
    yield name, "a part of a stroke left out or misplaced", len(parts), _share(judge, parts)


def _share(judge: Judge, drawings: Sequence[Drawn]) -> float:
    """Per cent of drawings that are told right: nothing wrong, or the element that is."""
    told = [_is_right(each, answer) for each, answer in zip(drawings, judge(drawings), strict=True)]
    return 100 * sum(told) / len(told)


def _is_right(drawn: Drawn, answer: dict[str, object]) -> bool:
    if drawn.wrong < 0:
        return answer["verdict"] == "right"
    return answer["verdict"] in ("missing", "misplaced") and answer["element"] == drawn.wrong
