"""What takes room in the folder of all state: by data set, model, run and reading, and what can go without a loss."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from recognizer.models import StoredModel
from training.datasets.models import Dataset
from training.paper.models import PaperReading
from training.runs.models import Run

SPARE = {
    "set-aside": "what restores have put away",
    "downloads": "publishers' archives, which are downloaded again where they are needed",
}
"""Folders that nothing needs any more, or that are made again."""
EXPORTS = "exports"


@dataclass(frozen=True)
class Usage:
    """What one thing takes.

    Attributes:
        kind: `data set`, `model`, `run`, `reading` (of pages), `backups`, `spare` or `rest`.
        name: of the thing.
        size: bytes on the disk.
        remedy: what can be deleted, and how; empty where it goes with its row.
        key: of its row, or a name of its own.

    """

    kind: str
    name: str
    size: int
    remedy: str = ""
    key: str = ""


def rooms() -> list[Usage]:
    """Everything, the largest first, by six queries however much there is."""
    var: Path = settings.PROPIS_VAR
    found = [*_by_row(var), *_others(var)]
    return sorted((room for room in found if room.size), key=lambda room: -room.size)


def _by_row(var: Path) -> Iterator[Usage]:
    sizes, exports = _folders(var / "datasets"), _folders(var / "datasets", EXPORTS)
    for key, name in _named(Dataset.objects.all()):
        yield Usage("data set", name, sizes.pop(key, 0) - exports[key], key=key)
    models = {path.stem: path.stat().st_size for path in (var / "models").glob("*.npz")}
    for pk, sha256, name in StoredModel.objects.values_list("pk", "file_sha256", "name"):
        yield Usage("model", name, models.pop(sha256, 0), key=str(pk))
    pages, checkpoints = _folders(var / "runs"), _folders(var / "checkpoints")
    for key, name in _named(Run.objects.filter(pk__in=[int(key) for key in pages | checkpoints])):
        yield Usage("run", f"{key}: {name}", pages.pop(key, 0) + checkpoints.pop(key, 0), key=key)
    papers = _folders(var / "paper")
    for key, name in _named(PaperReading.objects.all()):
        yield Usage("reading", f"{key}: {name}", papers.pop(key, 0), key=key)
    remedy = "rm -r datasets/*/exports: made again when asked for"
    yield Usage("spare", "exports of data sets", exports.total(), remedy, EXPORTS)
    orphans = sizes.total() + sum(models.values()) + pages.total() + checkpoints.total() + papers.total()
    yield Usage("rest", "files without a row", orphans, key="orphans")


def _named(rows: "QuerySet[Dataset] | QuerySet[Run] | QuerySet[PaperReading]") -> Iterator[tuple[str, str]]:
    for key, name in rows.values_list("pk", "name"):
        yield str(key), str(name)


def _others(var: Path) -> Iterator[Usage]:
    for name, what in SPARE.items():
        yield Usage("spare", name, _size(var / name), f"rm -r {name}: {what}", name)
    backups = settings.BACKUP_FOLDER
    yield Usage("backups", str(backups), _size(backups), "delete them in the admin, or keep fewer: PROPIS_BACKUPS_KEPT")
    yield Usage("rest", "published drawings", _size(var / "published"), "publish_drawings --stop", "published")
    files = [path for path in var.glob("*.sqlite3*") if path.is_file()]
    yield Usage("rest", "database", sum(path.stat().st_size for path in files), key="database")


def _folders(folder: Path, below: str = "") -> Counter[str]:
    """Bytes of each folder that is named by a key."""
    return Counter({path.name: _size(path / below) for path in folder.glob("[0-9]*") if path.is_dir()})


def _size(folder: Path) -> int:
    """Bytes of all files below; those that go meanwhile do not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
