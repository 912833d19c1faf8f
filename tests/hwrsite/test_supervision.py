"""The supervisor's configuration and the check of the port."""

import configparser
import socket
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from hwrsite import supervision


def test_trainings_have_processes_of_their_own() -> None:
    programs = supervision.workers(["training", "data", "short"])
    assert [program.name for program in programs] == ["worker-training", "worker-data-short"]
    assert "data,short" in programs[1].command


def test_configuration_survives_odd_paths(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PROPIS_VAR = tmp_path / 'a "b" 100% Ж'
    settings.PROPIS_VAR.mkdir()
    monkeypatch.setattr(sys, "executable", str(settings.PROPIS_VAR / "python"))
    path = supervision._write_configuration([supervision.beat()])
    written = configparser.RawConfigParser()
    written.read(path, encoding="utf-8")
    assert written["program:beat"]["command"].startswith(
        '"nice" "-n" "5" ' + '"' + str(settings.PROPIS_VAR).replace('"', '\\"').replace("%", "%%")
    )


def test_busy_port_gives_one_clear_line() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is busy: .* PORT={port + 1} make run"):
            call_command("start", "--port", str(port))


def test_impossible_port_is_refused() -> None:
    with pytest.raises(CommandError, match="from 1 to 65535"):
        call_command("start", "--port", "70000")


def test_unknown_queue_is_refused() -> None:
    with pytest.raises(CommandError, match="No queue is named tea"):
        call_command("worker", "--queues", "training,tea")
