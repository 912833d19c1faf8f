"""What is wrong with the machine, the folder of all state and the settings."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from keeping import kept_files
from keeping.doctor.finding import Problem
from recognizer.filestore.errors import StoreAwayError
from recognizer.filestore.objects import store

OLDEST_PYTHON = (3, 11)
LEAST_BYTES = 2**28
"""Below that the next training may not find room for its checkpoint."""
SHORTEST_KEY = 32
LOCAL = {"localhost", "127.0.0.1", "[::1]", "0.0.0.0"}  # noqa: S104  (a name to compare with)
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def problems() -> Iterator[Problem]:
    """Look at all of it."""
    yield from _python()
    yield from _folder(settings.PROPIS_VAR)
    yield from _room(settings.PROPIS_VAR)
    yield from _store()
    yield from _settings()


def _store() -> Iterator[Problem]:
    """Whether the store of files answers, where one is chosen."""
    objects = store()
    try:
        if objects is not None:
            objects.sha256(kept_files.IDENTITY)
    except StoreAwayError as error:
        yield store_away(error)


def store_away(error: StoreAwayError) -> Problem:
    """That the store of files does not answer."""
    mend = "Look at PROPIS_FILES, AWS_ENDPOINT_URL_S3, and key and secret (docs/many-machines.md)."
    return Problem("store", f"The store of files does not answer: {error}.", mend)


def _python() -> Iterator[Problem]:
    if tuple(sys.version_info[:2]) < OLDEST_PYTHON:
        found, needed = ".".join(map(str, sys.version_info[:2])), ".".join(map(str, OLDEST_PYTHON))
        yield Problem("python", f"Python {found} is too old.", f"Install {needed} or later: make clean setup PYTHON=…")


def _folder(var: Path) -> Iterator[Problem]:
    """Who may read and write it."""
    paths = [var, *kept_files.kept(var)]
    foreign = [path for path in paths if path.stat().st_uid != os.geteuid()]
    if foreign:
        what = f"{foreign[0]} belongs to another user" + (f", and {len(foreign) - 1} more" if foreign[1:] else "")
        yield Problem("owner", f"{what}.", f"Give them to the user that Propis runs as: chown -R … {var}")
    elif not os.access(var, os.R_OK | os.W_OK | os.X_OK):
        yield Problem("owner", f"{var} cannot be written to.", f"chmod u+rwx {var}")
    secrets = [path for path in (var, var / kept_files.SECRET_KEY) if path.exists() and path.stat().st_mode & OTHERS]
    if secrets:
        what = f"Other users of this machine may read {' and '.join(map(str, secrets))}."
        yield Problem("permissions", what, "`manage.py setup` takes that away.")


def _room(var: Path) -> Iterator[Problem]:
    free = shutil.disk_usage(var).free
    size = sum(path.stat().st_size for path in kept_files.kept(var))
    mend = "`manage.py disk_use` shows what takes it and what can go; or use a larger disk."
    if free < LEAST_BYTES:
        yield Problem("room", f"Only {free / 2**20:,.0f} MB of the disk of {var} are left.", mend)
    elif free < size:
        what = f"A backup may not fit: {free / 2**20:,.0f} MB are left, and there are {size / 2**20:,.0f} MB to copy."
        yield Problem("room", what, mend, is_error=False)


def _settings() -> Iterator[Problem]:
    if settings.DEBUG:
        yield Problem(
            "debug", "PROPIS_DEBUG is on: errors show settings and code.", "Unset PROPIS_DEBUG, and start again."
        )
    if len(settings.SECRET_KEY) < SHORTEST_KEY or len(set(settings.SECRET_KEY)) < SHORTEST_KEY // 4:
        yield Problem(
            "secret-key",
            "The secret key can be guessed: who has it can sign in as anybody.",
            "Set PROPIS_SECRET_KEY to what `openssl rand -hex 32` prints, or unset it and let Propis make one.",
        )
    names = set(settings.ALLOWED_HOSTS)
    if "*" in names:
        yield Problem("hosts", "PROPIS_HOSTS admits every name.", "Name the site's own: PROPIS_HOSTS=propis.example")
    elif names - LOCAL and not settings.SECURE:
        what = f"The site answers as {', '.join(sorted(names - LOCAL))} without HTTPS: passwords can be overheard."
        yield Problem("https", what, "Put a proxy with TLS in front and set PROPIS_HTTPS=1.", is_error=False)
