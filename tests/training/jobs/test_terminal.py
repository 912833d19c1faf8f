"""A command that waits bears with a database that is away, and gives up in one line."""

import re

import pytest
from django.core.management import CommandError
from django.db import OperationalError

from training.jobs import terminal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "POLL_SECONDS", 0.01)


def test_a_lost_connection_is_tried_again() -> None:
    errors = [OperationalError("server closed the connection unexpectedly"), OperationalError("no route")]

    def question() -> int:
        if errors:
            raise errors.pop()
        return 42

    assert terminal.patiently(question) == 42


def test_one_that_stays_lost_ends_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "AWAY_SECONDS", 0.05)

    def question() -> int:
        raise OperationalError("connection refused\nIs the server running?")

    with pytest.raises(CommandError) as raised:
        terminal.patiently(question)
    assert str(raised.value).startswith("The database does not answer; what was queued goes on without us: connection")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("columns", [40, 60, 120])
def test_no_figure_is_cut_on_a_narrow_terminal(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"FORCE_COLOR": "1", "NO_COLOR": "1", "TERM": "xterm", "COLUMNS": str(columns)}.items():
        monkeypatch.setenv(name, value)
    words = "epoch 34 of 120, 97.32 % of the validation letters"
    with terminal.progress_bar("Run 12") as show:
        show(0.3, words)
    plain = re.sub(r"\x1b\[[0-9?;]*[a-zA-Z]", "", capsys.readouterr().err)
    assert "…" not in plain
    assert "30% 0:00:00" in plain
    first = [line for line in plain.replace("\r", "\n").split("\n") if line.startswith("Run 12")][-1]
    assert len(first) <= columns
    last = plain[plain.rindex("Run 12:") :]
    assert [word for word in words.split() if word not in last] == []
