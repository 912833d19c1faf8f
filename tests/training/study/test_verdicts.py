"""The verdict's arithmetic, by hand."""

import math

import pytest

from training.core.hyperparameters import PRESETS
from training.study.reporting import ended_runs, judged
from training.study.verdicts import StudyVerdict, group_of, pooled_deviation, spread_of, tolerance, verdict


def test_the_spread_is_pooled_over_rows_with_several_seeds() -> None:
    rows = [[0.90, 0.92], [0.80], [0.50, 0.50, 0.53]]
    squares = 2 * 0.01**2 + 2 * 0.01**2 + 0.02**2
    assert pooled_deviation(rows) == pytest.approx(math.sqrt(squares / 3))
    assert pooled_deviation([[0.9], []]) is None


def test_a_row_with_all_seeds_spreads_as_it_does_itself_and_not_as_one_that_collapses() -> None:
    steady, collapses = [0.82, 0.83, 0.84], [0.1, 0.3, 0.5]
    pooled = pooled_deviation([steady, collapses])
    assert pooled is not None
    assert pooled > 0.1
    assert spread_of(steady, pooled) == pytest.approx(0.01)
    assert spread_of(steady[:2], pooled) == pooled


def test_tolerance_of_both_figures() -> None:
    assert tolerance(0.003, 0.9, 10_000) == pytest.approx(2 * math.sqrt(0.003**2 + 2 * 0.9 * 0.1 / 10_000))
    assert tolerance(0, 1, 10_000) == 0


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        (0.95, StudyVerdict.REPRODUCED),
        (0.955, StudyVerdict.REPRODUCED),
        (0.956, StudyVerdict.BETTER),
        (0.944, StudyVerdict.WORSE),
    ],
)
def test_verdict(ours: float, expected: StudyVerdict) -> None:
    assert verdict(ours, 0.95, 0.005 + 1e-9) is expected


def test_what_spreads_alike_has_cost_output_error_and_activation_in_common() -> None:
    first, sigmoid, relu, tuned = (
        group_of(PRESETS[name].as_dict())
        for name in ("thesis-first", "thesis-sigmoid", "thesis-relu", "thesis-relu-tuned")
    )
    assert relu == tuned
    assert len({first, sigmoid, relu}) == 3


def test_a_run_that_has_not_ended_counts_for_nothing() -> None:
    ended = {"state": "succeeded", "best_monitored": 0.81}
    row = {"row": "η = 0.8", "thesis": 83.0, "recipe": {}, "runs": [ended, {"state": "paused", "best_monitored": 0.4}]}
    [found] = judged([{"images": {"validation": 1000}, "rows": [row]}])
    assert (found["rows"][0]["tolerance"], found["rows"][0]["verdict"]) == (None, None), "one seed has no spread"
    assert ended_runs(row) == [ended]
