"""`manage.py setup`: everything that must be there before the product starts. Safe to run again and again."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

import polib
from celery import current_app
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from hwrsite import bundles, database, owner_only
from keeping.errors import KeepingError
from keeping.restoring import swap
from recognizer import services
from recognizer.core.files import replacing
from training.datasets.services import queue_first_dataset


class Command(BaseCommand):
    """Prepare the database, translations, static files, queue, shipped models, an administrator, a first data set."""

    help = "Prepare everything for a start: database, translations, static files, models, an administrator."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run each step; each does nothing where its work is done."""
        with database.only_us():
            self.finish_restore()
            database.refuse_newer()
            self._set_up()

    def _set_up(self) -> None:
        self.keep_from_others()
        compile_translations()
        migrate()
        collect_static_files()
        declare_queues()
        for model in services.add_shipped():
            self.stdout.write(f"Model “{model.name}” is in the catalogue.")
        if password := create_administrator():
            self.stdout.write(self.style.SUCCESS(f"Administrator: {administrator_name()}   password: {password}"))
            self.stdout.write("It is shown only this once. Change it in the admin, or set PROPIS_ADMIN_PASSWORD.")
        if queue_first_dataset():
            self.stdout.write("A worker makes a first data set of synthetic letters.")

    def finish_restore(self) -> None:
        """Go on with a restore that was killed."""
        try:
            if finished := swap.finish():
                self.stdout.write(f"The restore that was cut short is finished; what was there is in {finished.aside}.")
        except KeepingError as error:
            raise CommandError(str(error)) from error

    def keep_from_others(self) -> None:
        """Let the folder of all state be its owner's alone; say what somebody else owns."""
        for path in owner_only.mend(settings.PROPIS_VAR):
            self.stderr.write(f"{path} belongs to somebody else: others may be able to read or change it.")


def compile_translations() -> None:
    """Compile each .po whose .mo is older than it."""
    for source in Path(settings.BASE_DIR, "locale").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with replacing(target) as file:
                file.write(polib.pofile(str(source)).to_binary())


def migrate() -> None:
    """Bring the database up to date where it is not."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def collect_static_files() -> None:
    """Collect static files where any has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    state = _static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state)


def _static_state() -> str:
    digest = hashlib.sha256(bundles.state().encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def declare_queues() -> None:
    """Declare every queue before the processes start: several doing it at once on the file queue lose bindings."""
    if not settings.CELERY_BROKER_URL.startswith("filesystem:"):
        return
    with current_app.connection_for_write() as connection, connection.channel() as channel:
        for name in settings.QUEUES:
            current_app.amqp.queues[name](channel).declare()


def administrator_name() -> str:
    """The first administrator's name."""
    return os.environ.get("PROPIS_ADMIN_NAME", "admin")


def create_administrator() -> str | None:
    """Make an administrator where nobody is one yet; return the password where it was made up."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return None
    given = os.environ.get("PROPIS_ADMIN_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    users.create_superuser(administrator_name(), password=password)
    return None if given else password
