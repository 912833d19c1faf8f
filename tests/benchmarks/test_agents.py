"""The reports of the benchmarks of devices."""

from typing import Any

from benchmarks.devices import agents, browsers, timing


def test_every_job_must_have_a_result_and_no_visitor_wait() -> None:
    found = {"states": {"succeeded": 400}, "results": 400, "attempts": [1] * 400}
    assert agents.report(2, 40.0, {"the board": [10.0, 900.0]}, found).is_reached
    assert not agents.report(2, 40.0, {"the board": [10.0, 2000.0]}, found).is_reached
    lost = {"states": {"succeeded": 399, "running": 1}, "results": 399, "attempts": [1] * 400}
    assert not agents.report(2, 40.0, {"the board": [10.0, 20.0]}, lost).is_reached


def test_what_timing_adds_is_a_difference() -> None:
    [figure] = timing.report([0.3] * 3, [0.1] * 3).figures
    assert (round(figure.value, 6), figure.verdict) == (2.0, "MISSED")


def test_a_class_of_browsers_loses_and_doubles_nothing() -> None:
    times = {("fp32", "javascript"): 4.0, ("fp32", "wasm"): 1.0, ("int8", "javascript"): 3.0, ("int8", "wasm"): 1.0}
    more: dict[str, Any] = {"spread": 0.01, "accuracy": {"share": 0.9}, "environment": {"clock_seconds": 1e-4}}
    alone: list[dict[str, Any]] = [
        {"precision": precision, "backend": backend, "results": {"seconds_for_10000": seconds, **more}}
        for (precision, backend), seconds in times.items()
    ]
    row = {"state": "succeeded", "invalid": ""}
    together = [{**row, "id": str(n), "device": n % browsers.DEVICES} for n in range(4 * browsers.DEVICES)]
    assert browsers.report(alone, together, 60.0, {}).is_reached
    assert not browsers.report(alone, together[:-1], 60.0, {}).is_reached
    assert not browsers.report(alone, [*together, together[0]], 60.0, {}).is_reached
    slow = [{**each, "results": {**each["results"], "seconds_for_10000": 2.0}} for each in alone]
    assert not browsers.report(slow, together, 60.0, {}).is_reached
