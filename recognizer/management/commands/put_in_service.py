"""`manage.py put_in_service MODEL | --back`: which model reads the next letter, in every process."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer import services
from recognizer.loading import CatalogueError
from recognizer.models import StoredModel


class Command(BaseCommand):
    """Put a model of the catalogue in service, or the one that was there before."""

    help = "Put a model in service, as the button of its page does; --back undoes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a model, or the way back."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("model", nargs="?", help="its name in the catalogue")
        which.add_argument("--back", action="store_true", help="the model that was in service before the present one")

    def handle(self, *args: Any, model: str | None, back: bool, **options: Any) -> None:
        """Put it there, and name it."""
        try:
            chosen = services.roll_back() if back else _named(str(model))
            if not back:
                services.activate(chosen)
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"“{chosen.name}” is in service.")


def _named(name: str) -> StoredModel:
    found = StoredModel.objects.filter(name=name).first()
    if found is None:
        raise CommandError(f"There is no model “{name}” in the catalogue.")
    return found
