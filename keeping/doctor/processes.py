"""What is wrong with the database and the processes: those that run, and those that are missing."""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.utils import timezone

from keeping.doctor.finding import Problem
from keeping.installation import is_started
from keeping.models import Backup
from keeping.restoring import swap
from keeping.rows.databases import is_sqlite, newer_migration, own_file, pending_migrations
from training.jobs import lifecycle
from training.jobs.lifecycle.waking import broker_answers
from training.jobs.models import Deployment, State
from training.jobs.worker import presence

LOOK_SECONDS = 0.2
OLD_BACKUP = timedelta(days=3)
KNOWN_PASSWORDS = ("admin", "propis", "password", "changeme", "12345678")
MOST_ADMINISTRATORS = 5
"""Whose passwords are tried: each try takes a while by design."""


def database_problems() -> Iterator[Problem]:
    """Look at the database; where there is none of today's, nothing else can be looked at."""
    if swap.begun():
        yield Problem("restore", "A restore was cut short.", "`manage.py setup` finishes it.")
        return
    if is_sqlite() and not own_file().exists():
        yield Problem("database", "There is no database yet.", "`make setup` or `make run` makes it.")
        return
    try:
        newer, pending = newer_migration(connection), pending_migrations(connection)
    except DatabaseError as error:
        why = str(error).strip().partition("\n")[0]
        yield Problem("database", f"The database does not answer: {why}", "Start it, or look at DATABASE_URL.")
        return
    if newer:
        what = f"The database was made by a newer version ({' '.join(newer)})."
        yield Problem("newer-database", what, "Update this copy of the program.")
    elif pending:
        yield Problem("migrations", f"{pending} migrations are not applied.", "`make setup` applies them.")


def process_problems() -> Iterator[Problem]:
    """Look at broker, clock and workers, administrators and backups; it takes two periods where no clock ticks."""
    if not broker_answers():
        mend = "Start it, or look at BROKER_URL. Until then idle workers look into the database each second."
        yield Problem("broker", "The broker of messages does not answer.", mend, is_error=False)
    workers = list(presence.alive())
    if not is_started() and not workers:
        yield Problem("stopped", "Propis is not running.", "`make run` starts it.", is_error=False)
    else:
        yield from _clock()
    yield from _queues({queue for worker in workers for queue in worker.queues})
    yield from _administrators()
    yield from _backups()


def _clock() -> Iterator[Problem]:
    first, end = _ticks(), time.monotonic() + 2 * settings.JOB_HEARTBEAT_SECONDS + 1
    while _ticks() == first:
        if time.monotonic() > end:
            mend = "`manage.py start` and `manage.py worker` have one; alone it is `manage.py clock`."
            yield Problem("clock", "No clock ticks: no lost job is put back, no sweep goes on.", mend)
            return
        time.sleep(LOOK_SECONDS)


def _ticks() -> int | None:
    return Deployment.objects.values_list("clock_ticks", flat=True).first()


def _queues(served: set[str]) -> Iterator[Problem]:
    """Queues in which jobs wait that no worker serves."""
    waiting: dict[str, int] = {}
    for kind in lifecycle.kinds():
        waiting[kind.QUEUE] = waiting.get(kind.QUEUE, 0) + lifecycle.waiting(kind).count()
    for queue, count in waiting.items():
        if count and queue not in served:
            what = f"{count} jobs wait in the queue “{queue}”, and no worker serves it."
            yield Problem("queue", what, f"`make run`, or `manage.py worker --queues {queue}`.")


def _administrators() -> Iterator[Problem]:
    found = get_user_model().objects.filter(is_superuser=True, is_active=True).order_by("pk")
    if not found.exists():
        mend = "`manage.py setup` makes an administrator and prints the password once."
        yield Problem("administrator", "There is no administrator who can sign in.", mend)
    for user in islice(found, MOST_ADMINISTRATORS):
        name = user.get_username()
        if any(user.check_password(word) for word in (*KNOWN_PASSWORDS, name)):
            yield Problem(
                "password", f"The password of {name} is one that everybody tries.", f"`manage.py reset_password {name}`"
            )


def _backups() -> Iterator[Problem]:
    last = Backup.objects.filter(state=State.FAILED).order_by("-pk").first()
    good = Backup.objects.filter(state=State.SUCCEEDED).order_by("-pk").first()
    if last is not None and (good is None or good.pk < last.pk):
        yield Problem("backup", f"The last backup failed: {last.error}", "Mend that, and order one in the admin.")
    elif settings.BACKUP_HOUR is not None and good is not None and timezone.now() - good.created_at > OLD_BACKUP:
        what = f"The last backup is of {good.created_at:%Y-%m-%d}."
        yield Problem("backup", what, "Is the machine on, and a worker for the queue “data” there?", is_error=False)
