"""A message is a hint: where no broker takes it, the job waits all the same."""

import logging

import pytest
from celery import current_app

from training.jobs.lifecycle.waking import wake  # before a fixture puts another in its place
from training.runs.models import Run


def test_a_message_names_task_and_queue_only(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: sent.append((name, options)))
    wake(Run)
    assert sent == [("runs.train_next", {"queue": "training", "ignore_result": True})]  # no time of any machine


def test_a_broker_that_is_down_is_no_error(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(current_app, "send_task", refuse)
    with caplog.at_level(logging.WARNING):
        wake(Run)
    assert "no broker to take a wake-up for runs.run" in caplog.text
