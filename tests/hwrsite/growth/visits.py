"""A visit of an address: what it asks of the database, and how much it sends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

STEPS = 1000


@dataclass
class Visit:
    """What an answer has cost.

    Attributes:
        status: of the answer.
        queries: how many.
        steps: thousands of steps of SQLite's machine, which do not depend on how busy ours is.
        size: bytes of the answer.
        streamed: whether it was sent while it was made.
        seconds: processor time.
        page: the text of an answer in HTML.

    """

    status: int = 0
    queries: int = 0
    steps: int = 0
    size: int = 0
    streamed: bool = False
    seconds: float = 0.0
    page: str = ""

    def step(self) -> int:
        """Count a thousand steps, and let SQLite go on."""
        self.steps += 1
        return 0

    def query(self, execute: Any, *arguments: Any) -> Any:
        """Count a query, and do it."""
        self.queries += 1
        return execute(*arguments)


def visit(client: Client, url: str) -> Visit:
    """Ask for an address; what it writes is undone."""
    visit = Visit()
    connection.ensure_connection()
    connection.connection.set_progress_handler(visit.step, STEPS)
    began = time.process_time()
    with transaction.atomic(), connection.execute_wrapper(visit.query):
        answer = client.get(url)
        visit.status, visit.streamed = answer.status_code, answer.streaming
        body = answer.getvalue()
        visit.size = len(body)
        transaction.set_rollback(True)
    visit.seconds = time.process_time() - began
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        visit.page = body.decode()
    connection.connection.set_progress_handler(None, STEPS)
    return visit


@contextmanager
def opened(file: Path, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Use another SQLite database for a while."""
    before = connection.settings_dict["NAME"]
    with blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = str(file)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
