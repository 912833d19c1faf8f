"""`manage.py doctor`: what is wrong here, and how to mend it."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from keeping.doctor import processes, rows_and_files, surroundings
from keeping.doctor.finding import Problem
from recognizer.filestore.errors import StoreAwayError
from training.jobs.terminal import INTERRUPTED, progress_bar


class Command(BaseCommand):
    """Look at everything; the exit status is 1 where something does not work or is not safe."""

    help = "Say in words what is wrong with this installation, and how to mend it."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--without-files", action="store_true", help="do not compare files with their hashes")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, without_files: bool, **options: Any) -> None:
        """Look, and say what was found."""
        try:
            with progress_bar("Looking") as show:
                found = list(_problems(without_files, lambda words: show(0.5, words)))
        except KeyboardInterrupt:
            raise CommandError("Interrupted.", returncode=INTERRUPTED) from None
        is_healthy = not any(problem.is_error for problem in found)
        if options["json"]:
            answer = {"healthy": is_healthy, "problems": [asdict(problem) for problem in found]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._say(found)
        if not is_healthy:
            raise SystemExit(1)

    def _say(self, found: list[Problem]) -> None:
        for problem in found:
            style = self.style.ERROR if problem.is_error else self.style.WARNING
            self.stdout.write(style(f"{'✗' if problem.is_error else '!'} {problem.what}"))
            self.stdout.write(f"  {problem.mend}")
        if not found:
            self.stdout.write(self.style.SUCCESS("Nothing is wrong."))


def _problems(without_files: bool, progress: Callable[[str], None]) -> Iterator[Problem]:
    of_surroundings = list(surroundings.problems())
    yield from of_surroundings
    has_files = "store" not in {problem.name for problem in of_surroundings}
    progress("database")
    of_database = list(processes.database_problems())
    yield from of_database
    if of_database:  # without tables there is nothing more to see
        return
    try:
        yield from processes.process_problems()
        if has_files and not without_files:  # of a store that is away nobody can say what is in it
            yield from rows_and_files.problems(progress)
    except StoreAwayError as error:
        yield surroundings.store_away(error)
    except DatabaseError as error:
        yield Problem("database", f"The database does not answer any more: {error}".strip(), "Look at its log.")
