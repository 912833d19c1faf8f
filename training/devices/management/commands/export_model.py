"""`manage.py export_model MODEL --format F`: a model's file, to take along."""

import hashlib
import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.text import slugify

from recognizer import loading
from recognizer.core import model_file
from recognizer.core.files import replacing
from recognizer.core.model_file import ModelFileError
from recognizer.exports.errors import ExportError
from recognizer.models import StoredModel
from training.devices.exports import FORMATS, lack_of_calibration

HELP = "; ".join(f"{each.name}: {each.help}" for each in FORMATS.values())


class Command(BaseCommand):
    """Write a model of the catalogue (or, without a database, a shipped one) to a file."""

    help = "Write a model to a file."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("model", help="name of a model")
        parser.add_argument("--format", choices=FORMATS, default="npz", help=HELP)
        parser.add_argument("--output", type=Path, help="file to write (default: the model's name, here)")
        parser.add_argument(
            "--whole-card",
            action="store_true",
            help="of a model in 16 bits: with all that is known of the model that it was made from",
        )
        parser.add_argument("--force", action="store_true", help="overwrite an existing file")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, model: str, output: Path | None, force: bool, **options: Any) -> None:
        """Read the file, check it, write it."""
        content = _content(model)
        if options["whole_card"]:
            content = _with_whole_card(model, content)
        wanted = FORMATS[options["format"]]
        target = output or Path(f"{slugify(model, allow_unicode=True) or 'model'}{wanted.ending}")
        try:
            if notice := lack_of_calibration(content, wanted):
                self.stderr.write(notice)
            content = wanted.write(content)
            _write(target, content, force=force)
        except ExportError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror or error}.") from error
        sha256 = hashlib.sha256(content).hexdigest()
        figures = {
            "model": model,
            "format": options["format"],
            "file": str(target),
            "bytes": len(content),
            "sha256": sha256,
        }
        words = f"{target}: {len(content):,} bytes, SHA-256 {sha256}"
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else words)


def _with_whole_card(name: str, content: bytes) -> bytes:
    """The file with the card of its parent, its own name, precision and accuracy on it."""
    stored = StoredModel.objects.filter(name=name).select_related("parent").first()
    if stored is None or stored.parent is None or stored.precision != "fp16":
        raise CommandError(f"“{name}” is no model in 16 bits that was made from another of the catalogue.")
    try:
        packed, parent = model_file.read(content), model_file.read(_content(stored.parent.name))
        card = replace(
            parent.card,
            name=packed.card.name,
            precision="fp16",
            accuracy=packed.card.accuracy,
            created=packed.card.created,
            parent=parent.sha256,
        )
        return model_file.to_bytes(packed.network, card)
    except ModelFileError as error:
        raise CommandError(str(error)) from error


def _write(target: Path, content: bytes, *, force: bool) -> None:
    """Write the file whole or not at all."""
    if target.exists() and not force:
        raise CommandError(f"{target} is there already: choose another --output, or --force.")
    with replacing(target) as file:
        file.write(content)


def _content(name: str) -> bytes:
    """The bytes of a model's file."""
    try:
        stored = StoredModel.objects.filter(name=name).first()
    except DatabaseError:  # no database yet: the shipped models can be exported
        stored = None
    if stored is None and name not in loading.shipped_names():
        raise CommandError(f"No model is named “{name}”.")
    path = loading.file_of(stored) if stored else loading.PRETRAINED / f"{name}.npz"
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"The file of model “{name}” cannot be read: {error}") from error
