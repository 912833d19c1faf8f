"""The reports of the benchmarks of devices."""

from benchmarks.devices import agents, timing


def test_every_job_must_have_a_result_and_no_visitor_wait() -> None:
    found = {"states": {"succeeded": 400}, "results": 400, "attempts": [1] * 400}
    assert agents.report(2, 40.0, {"the board": [10.0, 900.0]}, found).is_reached
    assert not agents.report(2, 40.0, {"the board": [10.0, 2000.0]}, found).is_reached
    lost = {"states": {"succeeded": 399, "running": 1}, "results": 399, "attempts": [1] * 400}
    assert not agents.report(2, 40.0, {"the board": [10.0, 20.0]}, lost).is_reached


def test_what_timing_adds_is_a_difference() -> None:
    [figure] = timing.report([0.3] * 3, [0.1] * 3).figures
    assert (round(figure.value, 6), figure.verdict) == (2.0, "MISSED")
