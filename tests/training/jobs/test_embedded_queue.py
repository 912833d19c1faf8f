"""The file queue: a message is there whole or not at all, and old ones are pruned."""

import os
import threading
import time
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError
from pytest_django import Settings

from training.jobs import embedded_queue

MESSAGES = 60


def connection(folder: Path) -> Connection:
    """Connect to a file queue of the test's own, by the same address as in production."""
    for name in ("messages", "processed", "control"):
        (folder / name).mkdir(exist_ok=True)
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "processed_folder": str(folder / "processed"),
        "control_folder": str(folder / "control"),
        "store_processed": True,
    }
    return Connection("filesystem://", transport_options=options)


def test_a_reader_never_sees_half_a_message(tmp_path: Path) -> None:
    def write() -> None:
        with connection(tmp_path) as sender, sender.SimpleQueue("training") as queue:
            for number in range(MESSAGES):
                queue.put({"number": number, "padding": "x" * 20_000})

    received: list[int] = []
    thread = threading.Thread(target=write)
    with connection(tmp_path) as receiver, receiver.SimpleQueue("training") as queue:
        thread.start()
        for _ in range(MESSAGES):
            message: Any = queue.get(timeout=10)
            received.append(message.payload["number"])
            message.ack()
    thread.join()
    assert sorted(received) == list(range(MESSAGES))
    assert list((tmp_path / "messages").iterdir()) == []


def test_a_message_is_not_there_before_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channel: Any = connection(tmp_path).default_channel
    looks: list[Path] = []
    move = Path.replace

    def look_then_move(self: Path, target: Path) -> Path:
        looks.append(self)
        with pytest.raises(Empty):
            channel._get("training")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", look_then_move)
    channel._put("training", {"number": 1})
    assert len(looks) == 1
    assert channel._get("training") == {"number": 1}


def test_a_disk_that_refuses_leaves_no_half_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    channel: Any = connection(tmp_path).default_channel
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ChannelError, match="No space left on device"):
        channel._put("training", {})
    assert list((tmp_path / "messages").iterdir()) == []


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder of processed messages."""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"processed_folder": str(tmp_path)}
    return tmp_path


def age(path: Path, seconds: float) -> Path:
    """Make a file of this age."""
    path.write_text("{}")
    os.utime(path, (time.time() - seconds,) * 2)
    return path


def test_old_messages_go_and_young_ones_stay(folder: Path) -> None:
    age(folder / "old", 2 * embedded_queue.KEEP_SECONDS)
    young = age(folder / "young", 5)
    assert embedded_queue.prune() == 1
    assert list(folder.iterdir()) == [young]


def test_halves_of_messages_go_and_waiting_messages_stay(settings: Settings, tmp_path: Path) -> None:
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path)}
    age(tmp_path / "1_a.training.msg.part", 2 * embedded_queue.KEEP_SECONDS)
    waiting = age(tmp_path / "1_b.training.msg", 2 * embedded_queue.KEEP_SECONDS)
    assert embedded_queue.prune() == 1
    assert list(tmp_path.iterdir()) == [waiting]


def test_a_folder_that_is_not_there_yet_is_no_error(settings: Settings, tmp_path: Path) -> None:
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"processed_folder": str(tmp_path / "none")}
    assert embedded_queue.prune() == 0


def test_a_server_as_broker_has_no_folder(settings: Settings) -> None:
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    assert embedded_queue.prune() == 0
