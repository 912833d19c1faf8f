"""What is supervised, the lock on the folder, and the check of the port."""

import os
import socket
import threading

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from hwrsite.processes import supervision, workers
from training.jobs import lifecycle


def test_trainings_have_processes_of_their_own(settings: Settings) -> None:
    settings.TRAINING_PROCESSES = 2
    programs = workers.programs(settings.QUEUES)
    names = ["worker-training-benchmarks-1", "worker-training-benchmarks-2", "worker-data-short-1", "clock"]
    assert [program.name for program in programs] == names
    assert "data,short" in programs[2].words


def test_only_what_needs_a_core_for_itself_waits_behind_trainings() -> None:
    long = {kind.kind() for kind in lifecycle.kinds() if kind.QUEUE in workers.TRAINING}
    assert long == {"runs.run", "devices.benchmark"}


def test_a_machine_can_measure_without_training() -> None:
    names = [program.name for program in workers.programs(["benchmarks"])]
    assert [name for name in names if "training" in name] == []


def test_a_second_start_with_the_same_folder_says_who_holds_it() -> None:
    lock = supervision.hold_folder("http://127.0.0.1:1917/")
    try:
        with pytest.raises(CommandError, match=rf"process {os.getpid()}, http://127.0.0.1:1917/. Stop it first, or"):
            supervision.hold_folder("http://127.0.0.1:1918/")
    finally:
        os.close(lock)
    os.close(supervision.hold_folder("http://127.0.0.1:1918/"))


def test_a_start_waits_for_what_a_killed_one_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = supervision.hold_folder("http://127.0.0.1:1917/")
    monkeypatch.setattr(supervision, "_lives", lambda _process: False)
    closed = threading.Event()

    def end() -> None:
        closed.set()
        os.close(lock)

    threading.Timer(0.5, end).start()
    second = supervision.hold_folder("http://127.0.0.1:1918/")
    try:
        assert closed.is_set(), "it did not wait for the first to end"
        assert os.pread(second, 100, 0).decode() == f"{os.getpid()} http://127.0.0.1:1918/"
    finally:
        os.close(second)


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
