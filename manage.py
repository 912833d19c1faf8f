#!/usr/bin/env python
"""Django's command line."""

import os
import sys
from importlib.util import find_spec
from typing import Any

from hwrsite import endings

NO_PACKAGES = (
    "This Python has not the packages of Propis. `make run` makes an environment with them: "
    "`.venv/bin/python manage.py …`, or `. .venv/bin/activate` first."
)


def main() -> None:
    """Run one management command."""
    # Before numpy is imported: one thread of BLAS for each process, as there is one process for each core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")
    endings.run(_execute)


def _execute() -> None:
    if find_spec("django") is None:
        sys.exit(NO_PACKAGES)
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import BaseCommand, CommandError, execute_from_command_line
    from django.db import DatabaseError

    from recognizer.filestore.errors import StoreAwayError

    execute = BaseCommand.execute

    def begun(self: BaseCommand, *args: Any, **options: Any) -> str | None:
        endings.begin()
        try:
            return execute(self, *args, **options)
        except DatabaseError as error:
            from hwrsite import database

            if said := database.reason(error):
                raise CommandError(said) from error
            raise
        except StoreAwayError as error:
            raise CommandError(f"The store of files does not answer: {error}") from error

    BaseCommand.execute = begun  # type: ignore[method-assign]
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"The settings cannot be used: {error}")


if __name__ == "__main__":
    main()
