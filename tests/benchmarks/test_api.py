"""The report of the API's benchmark."""

from benchmarks.api.benchmark import BATCH, EMPTY, FORM, INPUTS, PICTURE, STROKES, Cost, report
from benchmarks.api.crowd import request


def costs(strokes: float, batch: float) -> dict[str, list[Cost]]:
    """Two rounds: in the second the whole machine is slower by a half."""
    spent = {EMPTY: 0.4, STROKES: strokes, FORM: 1.5, PICTURE: 1.4, INPUTS: batch}
    return {name: [Cost(value, 2 * value), Cost(1.5 * value, 3 * value)] for name, value in spent.items()}


def test_a_letter_is_what_it_adds_to_an_empty_answer_of_the_same_round() -> None:
    figures = report(costs(1.0, BATCH / 40), "best", "moments-2").figures
    assert [round(figure.value, 3) for figure in figures] == [0.75, 1.375, 1.25, 33333.333]
    assert [figure.verdict for figure in figures] == ["reached", "MISSED", "reached", "reached"]


def test_what_takes_too_long_misses() -> None:
    verdicts = [figure.verdict for figure in report(costs(1.3, BATCH / 30), "best", "moments-2").figures]
    assert verdicts == ["MISSED", "MISSED", "reached", "MISSED"]


def test_a_request_is_whole() -> None:
    sent = request("POST", "/x", b"12", {"Content-Type": "text/plain"})
    head, body = sent.split(b"\r\n\r\n")
    assert head.startswith(b"POST /x HTTP/1.1\r\n")
    assert b"Content-Length: 2" in head
    assert body == b"12"
