"""A job's end is told once to a real server: signed, tried again a few times, never to a private network unasked."""

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from keeping.announcing import outbox, webhook
from keeping.announcing.webhook import DeliveryError, post
from keeping.models import Announcement, Backup
from tests import world
from training.jobs.models import State
from training.runs.models import Run

SECRET = "only we know"


class Listener(HTTPServer):
    """A real server that keeps what it was sent, and answers as it is told to."""

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Answering)
        self.status, self.got = 200, list[tuple[dict[str, str], bytes]]()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}/hook?of=propis"


class Answering(BaseHTTPRequestHandler):
    """Takes what is posted."""

    server: Listener

    def do_POST(self) -> None:
        """Keep it; a redirect leads to the same place."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def ended(db: None, listener: Listener, settings: Settings) -> Run:
    """A run that somebody has started and that has just failed; the webhook is ours."""
    world.build(world.SMALL)
    Announcement.objects.all().delete()
    settings.WEBHOOK_URL, settings.WEBHOOK_SECRET, settings.WEBHOOK_PRIVATE = listener.url, SECRET, True
    settings.CSRF_TRUSTED_ORIGINS = ["https://propis.example"]
    run = Run.objects.filter(trial=None).order_by("pk")[0]
    Run.objects.exclude(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=3))
    someone = User.objects.get(username="someone")
    Run.objects.filter(pk=run.pk).update(
        state=State.FAILED, error="the disk is full", finished_at=timezone.now(), created_by=someone
    )
    return run


def since() -> int:
    return outbox.order(timezone.now() - outbox.LOOKS_BACK)


def test_an_end_is_told_once_and_signed(ended: Run, listener: Listener) -> None:
    assert since() >= 1
    Announcement.objects.exclude(kind="run").delete()
    assert outbox.deliver() == 1
    ((headers, body),) = listener.got
    told = json.loads(body)
    assert (told["kind"], told["state"], told["error"]) == ("run", "failed", "the disk is full")
    assert told["page"] == f"https://propis.example/runs/{ended.pk}/"
    assert headers[webhook.SIGNATURE] == f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}"
    since()
    outbox.deliver()
    assert [json.loads(body)["kind"] for _headers, body in listener.got].count("run") == 1


def test_what_fails_is_tried_again_and_given_up(ended: Run, listener: Listener) -> None:
    since()
    Announcement.objects.exclude(kind="run").delete()
    listener.status = 503
    for _ in range(9):
        Announcement.objects.exclude(due_at=None).update(due_at=timezone.now())
        outbox.deliver()
    told = Announcement.objects.get()
    assert len(listener.got) == told.attempts == 5
    assert (told.due_at, told.sent_at, told.trouble) == (None, None, "The webhook answered 503.")


def test_it_waits_before_it_is_tried_again(ended: Run, listener: Listener) -> None:
    since()
    Announcement.objects.exclude(kind="run").delete()
    listener.status = 302
    outbox.deliver()
    outbox.deliver()
    assert len(listener.got) == 1  # and no redirect is followed
    listener.status = 204
    Announcement.objects.update(due_at=timezone.now())
    assert outbox.deliver() == 1
    assert Announcement.objects.get().trouble == ""


def test_only_what_people_ordered_and_what_failed(ended: Run) -> None:
    Run.objects.filter(pk=ended.pk).update(created_by=None, state=State.SUCCEEDED)
    now = timezone.now()
    Backup.objects.all().delete()
    Backup.objects.create(state=State.SUCCEEDED, finished_at=now)
    failed = Backup.objects.create(state=State.FAILED, finished_at=now, error="no room")
    since()
    assert [each.key for each in Announcement.objects.filter(kind="backup")] == [failed.pk]
    assert not Announcement.objects.filter(kind="run", key=ended.pk).exists()


def test_mail(ended: Run, settings: Settings) -> None:
    settings.WEBHOOK_URL, settings.MAIL_TO = "", ["teacher@propis.example"]
    since()
    Announcement.objects.exclude(kind="run").delete()
    outbox.deliver()
    (sent,) = mail.outbox
    assert "failed" in sent.subject
    assert "the disk is full" in sent.body


def test_nothing_is_written_down_where_nobody_is_told(ended: Run, settings: Settings) -> None:
    settings.WEBHOOK_URL = ""
    outbox.announce()
    assert not Announcement.objects.exists()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "192.168.1.1", "169.254.169.254", "[::ffff:10.0.0.1]", "0.0.0.0"],
)
def test_private_networks_are_refused(host: str, listener: Listener) -> None:
    with pytest.raises(DeliveryError, match="private network"):
        post(f"http://{host}:{listener.server_port}/", b"{}", secret="", private=False)
    assert listener.got == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://propis.example/", "http://", "nonsense"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(DeliveryError, match="must begin with"):
        post(url, b"{}", secret="", private=True)


def test_one_who_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "CONNECT_SECONDS", 60.0)
    monkeypatch.setattr(webhook, "WHOLE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(DeliveryError, match="did not answer"):
            post(url, b"{}", secret="", private=True)
