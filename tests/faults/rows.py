"""What a product's database says, read from outside: SQLite or PostgreSQL."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from recognizer.core.messages import read
from tests.product import Product

_connections: dict[str, psycopg.Connection[dict[str, Any]]] = {}
"""One to each server that was asked, open until this process ends."""
RUNNING = """
SELECT r.id, r.attempt, r.attempts_without_progress, r.epoch, r.worker, e.id AS went_on
FROM runs_run r LEFT JOIN jobs_jobevent e
  ON e.kind = 'runs.run' AND e.job_id = r.id AND e.attempt = r.attempt AND e.name = 'goes on'
WHERE r.state = 'running'
"""


def rows(product: Product, sql: str) -> list[dict[str, Any]]:
    """The rows of a query, each as a dictionary; messages as they read in English."""
    return [{name: _said(value) for name, value in row.items()} for row in _stored(product, sql)]


def _said(value: Any) -> Any:
    return read(value) if isinstance(value, str) else value


def _stored(product: Product, sql: str) -> list[dict[str, Any]]:
    if url := product.environment.get("DATABASE_URL"):
        return _stored_on_postgres(url, sql)
    with closing(sqlite3.connect(product.var / "propis.sqlite3", timeout=900)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]


def _stored_on_postgres(url: str, sql: str) -> list[dict[str, Any]]:
    """The rows by a connection that is kept: opening one costs more than a query, and tests look ten times a second."""
    try:
        return _connection(url).execute(sql.encode()).fetchall()
    except psycopg.OperationalError:  # the server was restarted meanwhile
        if (broken := _connections.pop(url, None)) is not None:
            broken.close()
        return _connection(url).execute(sql.encode()).fetchall()


def _connection(url: str) -> psycopg.Connection[dict[str, Any]]:
    if url not in _connections:
        _connections[url] = psycopg.connect(url, autocommit=True, row_factory=dict_row)
    return _connections[url]


@dataclass(frozen=True)
class RunningRun:
    """A run that a process has."""

    key: int
    attempt: int
    attempts_without_progress: int
    epoch: int
    pid: int
    is_training: bool
    """Whether this attempt has certainly begun an epoch: it went on from one, or is the first and has ended one."""


def running(product: Product) -> list[RunningRun]:
    """The runs that are running."""
    return [
        RunningRun(
            row["id"],
            row["attempt"],
            row["attempts_without_progress"],
            row["epoch"],
            int(row["worker"].rpartition(":")[2] or 0),
            row["went_on"] is not None or (row["attempt"] == 1 and row["epoch"] > 0),
        )
        for row in rows(product, RUNNING)
    ]
