"""`manage.py draw_architecture`: draw who may import whom, for docs/architecture.md."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from hwrsite.architecture import drawing, layers_by_name


class Command(BaseCommand):
    """Draw the contracts of pyproject.toml as docs/images/architecture.svg."""

    help = "Draw docs/images/architecture.svg from the import contracts in pyproject.toml."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        root = Path(settings.BASE_DIR)
        target = root / "docs" / "images" / "architecture.svg"
        target.write_text(drawing(layers_by_name(root / "pyproject.toml")), encoding="utf-8")
        self.stdout.write(str(target.relative_to(root)))
