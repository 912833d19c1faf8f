"""What the command `move` says of what it has moved."""

from io import StringIO

import pytest
from django.core.management import call_command

from keeping.management.commands import move as command
from keeping.moving.move import Moved
from keeping.rows.digests import TableDigest


def said(*words: str) -> str:
    output = StringIO()
    call_command("move", *words, stdout=output)
    return output.getvalue()


def test_files_alone_are_said_without_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "store_at", lambda address: address)
    monkeypatch.setattr(command, "move_files", lambda address, progress: Moved({}, 1234, 1200, is_running=False))
    words = said("--files", "s3://propis/site")
    assert "1,234 files are there, each checked" in words
    assert "The rows stay where they are." in words
    assert "Start it with them: PROPIS_FILES=s3://propis/site PROPIS_SECRET_KEY=… make run" in words
    assert "tables" not in words
    assert "DATABASE_URL" not in words


def test_rows_and_files_are_said_with_their_database(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = TableDigest()
    digest.add(["a"])
    moved = Moved({"runs_run": digest}, 3, 3, is_running=False)
    monkeypatch.setattr(command, "move", lambda *_arguments, **_options: moved)
    words = said("--to", "postgres://db/propis", "--folder", "/srv/propis")
    assert "1 rows of 1 tables and 3 files are there, each checked" in words
    assert "Start it there: PROPIS_VAR=/srv/propis DATABASE_URL=… make run" in words
