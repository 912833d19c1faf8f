"""Lines of the log name their request and job; as JSON each is one object, whatever stands in it."""

import json
import logging
import sys

import pytest
from django.test import Client

from hwrsite.observing.logs import LineFormatter, ObjectFormatter, OriginFilter, request_id
from training.jobs import log_context
from training.runs.models import Run


def line(message: str, *arguments: object, formatter: logging.Formatter, **more: object) -> str:
    record = logging.makeLogRecord(
        {"name": "a.module", "levelname": "WARNING", "msg": message, "args": arguments, **more}
    )
    OriginFilter().filter(record)
    return formatter.format(record)


def test_a_line_for_programs_is_one_object() -> None:
    token = request_id.set("0123456789abcdef")
    try:
        with log_context.of(Run(pk=12)):
            shown = line("буква %s\n{}", '"Й"', formatter=ObjectFormatter(), status_code=503)
    finally:
        request_id.reset(token)
    assert "\n" not in shown
    found = json.loads(shown)
    assert found.pop("at").endswith("+00:00")
    assert found.pop("process") is None or True
    assert found == {
        "level": "WARNING",
        "logger": "a.module",
        "message": 'буква "Й"\n{}',
        "request_id": "0123456789abcdef",
        "job": "runs.Run 12",
        "status_code": 503,
    }
    assert json.loads(line("later", formatter=ObjectFormatter()))["job"] == ""


def test_a_traceback_is_one_of_its_texts() -> None:
    try:
        raise ValueError("wrong")
    except ValueError:
        shown = line("failed", formatter=ObjectFormatter(), exc_info=sys.exc_info(), request=object())
    assert "ValueError: wrong" in json.loads(shown)["traceback"]
    assert "request" not in json.loads(shown)


def test_a_line_for_people_ends_with_its_origin() -> None:
    formatter = LineFormatter("%(levelname)s %(message)s")
    with log_context.of(Run(pk=12)):
        assert line("lost", formatter=formatter) == "WARNING lost  [runs.Run 12]"
    assert line("lost", formatter=formatter) == "WARNING lost"


@pytest.mark.parametrize(
    ("said", "is_taken"),
    [
        ("0123-abc.DEF_9", True),
        ("short", False),
        ("x" * 65, False),
        ('12345678"><script>', False),
        ("12345678\nWARNING", False),
        ("-12345678", False),
    ],
)
def test_a_number_is_taken_only_if_it_is_well_formed(client: Client, said: str, is_taken: bool) -> None:
    answer = client.get("/api/nothing", headers={"X-Request-ID": said})
    assert (answer.headers["X-Request-ID"] == said) == is_taken
    assert len(answer.headers["X-Request-ID"]) >= 8
    assert request_id.get() == ""


def test_a_request_has_a_line_with_its_number(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(origin := OriginFilter())
    with caplog.at_level(logging.INFO, "propis.requests"):
        answer = client.get("/api/nothing")
    caplog.handler.removeFilter(origin)
    (record,) = (each for each in caplog.records if each.name == "propis.requests")
    assert vars(record)["request_id"] == answer.headers["X-Request-ID"]
    assert (vars(record)["status"], vars(record)["method"]) == (404, "GET")
