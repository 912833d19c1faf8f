"""The reports of load, attacks, lost services, restoring and proposals."""

from collections import Counter

import pytest

from benchmarks import web
from benchmarks.harness import Subject
from benchmarks.operations import load, proposals, restoring, services
from benchmarks.subjects.attacks import ATTACKS
from benchmarks.subjects.proposals import BATCHED, OPTUNA, SINGLE


def _verdicts(figures: object) -> list[str]:
    assert isinstance(figures, list)
    return [figure.verdict for figure in figures if figure.threshold is not None]


def _answers(milliseconds: float, *, failures: int = 0) -> load.LoadAnswers:
    return load.LoadAnswers({load.LETTER: [milliseconds] * 100}, {"a page: 503": failures}, 10.0)


@pytest.mark.parametrize(
    ("slow", "failures", "epochs", "verdicts"),
    [
        (30.0, 0, [5, 7], ["reached", "reached", "reached"]),
        (31.0, 0, [5, 7], ["reached", "MISSED", "reached"]),
        (30.0, 1, [5, 0], ["MISSED", "reached", "MISSED"]),
    ],
)
def test_under_load_nothing_fails_and_a_letter_takes_ten_times_as_long_at_most(
    slow: float, failures: int, epochs: list[int], verdicts: list[str]
) -> None:
    found = load.report(_answers(3.0), _answers(9.0), _answers(slow, failures=failures), epochs, 2.0)
    assert _verdicts(found.figures) == verdicts


def test_a_refusal_and_a_long_wait_under_attack_miss() -> None:
    calm = web.Visits([2.0] * 100, [5.0] * 100)
    slow = web.Visits([2.0] * 100, [1100.0] * 100, refused=Counter({503: 1}))
    assert set(_verdicts(web.report({web.IN_PEACE: calm}).figures)) == {"reached"}
    assert _verdicts(web.report({web.IN_PEACE: calm, "worse": slow}).figures) == [
        "MISSED", "reached", "reached", "MISSED", "reached",
    ]  # fmt: skip


def test_what_is_missing_after_a_loss_misses() -> None:
    lost = [services.Lost(services.REDIS, 5.0, 3.2), services.Lost(services.POSTGRES, 31.0, 4.0)]
    told = services.report(lost, services.Giver(None, accepted=9), {"epochs lost or doubled": 1})  # type: ignore[arg-type]
    assert _verdicts(told.figures) == ["reached", "MISSED", "MISSED"]


def test_a_table_that_differs_misses() -> None:
    assert restoring.report((1.0, 2.0), [], 0, 5, 5, 5).is_reached
    assert not restoring.report((1.0, 2.0), ["runs_run"], 0, 5, 5, 5).is_reached
    assert not restoring.report((1.0, 2.0), [], 1, 5, 5, 5).is_reached


def test_there_is_an_attack_of_each_kind() -> None:
    for kind in ("heads", "bodies", "not read", "idle", "50 MB", "malformed"):
        assert [name for name in ATTACKS if kind in name], kind


def test_a_batch_of_proposals_is_held_to_what_a_thousand_workers_need() -> None:
    rates = {BATCHED: 12.0, SINGLE: 1.3, OPTUNA: 2.0}
    assert proposals.report(rates, {}).is_reached
    assert not proposals.report({**rates, BATCHED: 1.6}, {}).is_reached


@pytest.mark.processor_seconds(120)
def test_every_way_to_ask_for_proposals_is_measured() -> None:
    with Subject(["-m", "benchmarks.subjects.proposals", "8", "12", "3", "1"]) as subject:
        assert set(subject.hello) == {BATCHED, SINGLE, OPTUNA}
        assert all(rate > 0 for rate in subject.hello.values())
