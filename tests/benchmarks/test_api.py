"""The report of the API's benchmark."""

from benchmarks.api.benchmark import BATCH, EMPTY, FORM, INPUTS, PICTURE, STROKES, Cost, Costs, report
from benchmarks.api.crowd import request


def costs(strokes: float, batch: float, busy: float = 2) -> Costs:
    """Two rounds: in the second the whole machine is slower by a half."""
    spent = {EMPTY: 0.4, STROKES: strokes, FORM: 1.5, PICTURE: 1.4, INPUTS: batch}
    rounds = {name: [Cost(value, busy * value), Cost(1.5 * value, 1.5 * busy * value)] for name, value in spent.items()}
    return Costs("moments-2", rounds)


def test_a_letter_is_what_it_adds_to_an_empty_answer_of_the_same_round() -> None:
    figures = report({"best": costs(1.0, BATCH / 40)}).figures[:4]
    assert [round(figure.value, 3) for figure in figures] == [0.75, 1.375, 1.25, 33333.333]
    assert [figure.verdict for figure in figures] == ["reached", "MISSED", "reached", "reached"]


def test_what_takes_too_long_misses() -> None:
    verdicts = [figure.verdict for figure in report({"best": costs(1.3, BATCH / 30)}).figures[:4]]
    assert verdicts == ["MISSED", "MISSED", "reached", "MISSED"]


def test_other_models_are_reported_without_thresholds() -> None:
    told = report({"best": costs(1.0, 30.0), "standard": costs(0.5, 5.0)})
    assert [figure.threshold is None for figure in told.figures] == [False] * 4 + [True] * 5
    assert {row[0] for row in told.rows} == {"best", "standard"}


def test_a_figure_says_when_others_worked_on_the_same_cores() -> None:
    busy, quiet = report({"best": costs(1.0, 30.0)}), report({"best": costs(1.0, 30.0, busy=1.02)})
    assert busy.figures[-1].value == 0.5
    assert "others worked" in busy.title
    assert "others worked" not in quiet.title


def test_a_request_is_whole() -> None:
    sent = request("POST", "/x", b"12", {"Content-Type": "text/plain"})
    head, body = sent.split(b"\r\n\r\n")
    assert head.startswith(b"POST /x HTTP/1.1\r\n")
    assert b"Content-Length: 2" in head
    assert body == b"12"
