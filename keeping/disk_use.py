"""What takes room, here and in a store: by data set, model, run and reading, and what can go without a loss."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from recognizer.filestore.objects import store
from recognizer.models import StoredModel
from training.datasets.models import Dataset
from training.paper.models import PaperReading
from training.runs.models import Run

SPARE = {
    "set-aside": "what restores have put away",
    "downloads": "publishers' archives, which are downloaded again where they are needed",
}
"""Folders that nothing needs any more, or that are made again."""
SHARED = {
    "published": ("published drawings", "publish_drawings --stop"),
    "bundles": ("letters that devices read", ""),
    "uploads": ("uploaded archives", ""),
}
"""Folders without a row's name in them: what they hold, and how it goes."""
OF_ROWS = ("datasets", "models", "runs", "checkpoints", "paper")
EXPORTS = "exports"


@dataclass(frozen=True)
class Usage:
    """What one thing takes.

    Attributes:
        kind: `data set`, `model`, `run`, `reading` (of pages), `backups`, `spare` or `rest`.
        name: of the thing.
        size: bytes on the disk of this machine.
        remedy: what can be deleted, and how; empty where it goes with its row.
        key: of its row, or a name of its own.
        stored: bytes in the store of files; what is on the disk of a machine is then a copy of some of them.

    """

    kind: str
    name: str
    size: int
    remedy: str = ""
    key: str = ""
    stored: int = 0


def rooms(stored: Mapping[str, int] | None = None) -> list[Usage]:
    """Everything, the largest first, by six queries however much there is.

    Args:
        stored: what `in_store` has found; None without a store.

    """
    var: Path = settings.PROPIS_VAR
    in_it = Counter(stored or {})
    found = [*_by_row(var, in_it), *_others(var, in_it)]
    return sorted((room for room in found if room.size or room.stored), key=lambda room: -max(room.size, room.stored))


def in_store() -> Counter[str] | None:
    """Bytes in the store of files by the first two parts of the objects' names, such as `datasets/7`; None without one.

    Raises:
        StoreAwayError: it does not answer.

    """
    objects = store()
    if objects is None:
        return None
    sizes: Counter[str] = Counter()
    for each in objects.below(""):
        sizes["/".join(each.key.split("/")[:2])] += each.size
    return sizes


def _by_row(var: Path, stored: Counter[str]) -> Iterator[Usage]:
    sizes, exports = _folders(var / "datasets"), _folders(var / "datasets", EXPORTS)
    for key, name in _named(Dataset.objects.all()):
        size = sizes.pop(key, 0) - exports[key]
        yield Usage("data set", name, size, key=key, stored=stored.pop(f"datasets/{key}", 0))
    models = {path.stem: path.stat().st_size for path in (var / "models").glob("*.npz")}
    for pk, sha256, name in StoredModel.objects.values_list("pk", "file_sha256", "name"):
        in_it = stored.pop(f"models/{sha256}.npz", 0)
        yield Usage("model", name, models.pop(sha256, 0), key=str(pk), stored=in_it)
    runs = _folders(var / "runs") + _folders(var / "checkpoints")
    keys = {key.partition("/")[2] for key in stored if key.startswith(("runs/", "checkpoints/"))}
    for key, name in _named(Run.objects.filter(pk__in=[int(key) for key in keys | set(runs) if key.isdecimal()])):
        in_it = stored.pop(f"runs/{key}", 0) + stored.pop(f"checkpoints/{key}", 0)
        yield Usage("run", f"{key}: {name}", runs.pop(key, 0), key=key, stored=in_it)
    papers = _folders(var / "paper")
    for key, name in _named(PaperReading.objects.all()):
        yield Usage("reading", f"{key}: {name}", papers.pop(key, 0), key=key, stored=stored.pop(f"paper/{key}", 0))
    remedy = "rm -r datasets/*/exports: made again when asked for"
    yield Usage("spare", "exports of data sets", exports.total(), remedy, EXPORTS)
    orphans = sizes.total() + sum(models.values()) + runs.total() + papers.total()
    yield Usage("rest", "files without a row", orphans, key="orphans", stored=_below(stored, OF_ROWS))


def _named(rows: "QuerySet[Dataset] | QuerySet[Run] | QuerySet[PaperReading]") -> Iterator[tuple[str, str]]:
    for key, name in rows.values_list("pk", "name"):
        yield str(key), str(name)


def _below(stored: Mapping[str, int], folders: tuple[str, ...]) -> int:
    return sum(size for key, size in stored.items() if key.partition("/")[0] in folders)


def _others(var: Path, stored: Mapping[str, int]) -> Iterator[Usage]:
    for name, what in SPARE.items():
        yield Usage("spare", name, _size(var / name), f"rm -r {name}: {what}", name)
    backups = settings.BACKUP_FOLDER
    yield Usage("backups", str(backups), _size(backups), "delete them in the admin, or keep fewer: PROPIS_BACKUPS_KEPT")
    for name, (words, remedy) in SHARED.items():
        yield Usage("rest", words, _size(var / name), remedy, name, _below(stored, (name,)))
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
