"""A workload is timed as often as asked, after its warm-up."""

import time

import pytest

from recognizer.core.timing import Timing, time_each, time_workload


def test_warm_up_is_not_timed() -> None:
    calls: list[int] = []

    def workload() -> None:
        time.sleep(0.05 if len(calls) < 2 else 0.001)
        calls.append(1)

    timing = time_workload(workload, repeats=5, warmup=2)
    assert len(calls) == 7
    assert len(timing.seconds) == 5
    assert 0.001 <= timing.fastest <= timing.median < 0.05


def test_percentiles() -> None:
    timing = Timing(tuple(float(i) for i in range(101)))
    assert (timing.fastest, timing.median, timing.p90, timing.p99, timing.total) == (0, 50, 90, 99, 5050)
    assert timing.as_dict() == {"repeats": 101, "total": 5050, "fastest": 0, "median": 50, "p90": 90, "p99": 99}


@pytest.mark.parametrize(("repeats", "warmup"), [(0, 1), (-1, 0), (1, -1)])
def test_nothing_to_time(repeats: int, warmup: int) -> None:
    with pytest.raises(ValueError, match="at least once"):
        time_workload(lambda: None, repeats=repeats, warmup=warmup)


def test_each_call_is_timed() -> None:
    given: list[float] = []

    def call(seconds: float) -> None:
        given.append(seconds)
        time.sleep(seconds)

    taken = time_each(call, [0.02, 0.0, 0.04])
    assert given == [0.02, 0.0, 0.04]
    assert taken[0] >= 0.02
    assert taken[2] >= 0.04
    assert time_each(call, []) == []
