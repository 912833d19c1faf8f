"""The file queue: a message is there whole or not at all, and one that cannot be read stops nobody."""

import threading
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

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
            message: Any = queue.get(timeout=900)
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


MESSAGES_NOT_READ = [b"", b"not JSON", b"\xff", b"[]", b"null", b"{}", b'{"body": "x", "properties": {}}']


@pytest.mark.parametrize("content", MESSAGES_NOT_READ)
def test_a_malformed_message_is_skipped_and_logged(
    content: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    received: list[Any] = []
    name = uuid.uuid4().hex  # Kombu believes for the whole process that a queue is bound which was so in another folder
    with connection(tmp_path) as receiver, receiver.SimpleQueue(name) as queue:
        (tmp_path / "messages" / f"0_bad.{name}.msg").write_bytes(content)
        queue.consumer.register_callback(lambda body, _message: received.append(body))
        queue.consumer.consume()
        queue.put({"number": 1})
        while not received:
            receiver.drain_events(timeout=900)
    assert received == [{"number": 1}]
    assert f"a message in the queue {name} cannot be read; it is skipped" in caplog.text
