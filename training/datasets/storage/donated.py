"""Donated drawings as an archive for everybody: pictures and strokes of those that were accepted and may be published.

Nothing in it tells who drew what, or when: a drawing is named by a hash of its strokes, and they stand in the order of
letters and hashes, so that those of one donor do not stand together.
"""

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.db.models import QuerySet

from recognizer.core.alphabet import KAZAKH
from recognizer.core.files import replacing
from recognizer.donations.export import points_of
from recognizer.filestore import places
from recognizer.messages import gettext as _
from recognizer.models import Drawing, Licence, Review
from recognizer.stroke_pictures import Strokes, to_png
from training.datasets import services
from training.datasets.errors import DatasetError, DrawingsChangedError
from training.datasets.layouts import LETTERS_FILE
from training.datasets.models import PublishedDrawings
from training.datasets.storage.zip_members import YEAR, add, member
from training.jobs.progress import CountProgress, unheard

FORMAT = b"propis drawings 1\n"
"""Hashed first: a change of what stands in an archive is another version of it, too."""
BATCH = 500
LICENCE_TEXT = Path(__file__).with_name("CC0-1.0.txt")
README = """# Handwritten Russian letters, version {version}

{drawings} drawings of {letters} letters, given by visitors of a site that runs Propis. Each donor agreed that the
drawing is published under CC0 1.0 (LICENSE), and a person has looked at it. You may use them for anything and need name
nobody.
Whoever donated a drawing may withdraw it: the next version is without it, so please use the newest one.

- `letters.txt`: the letters, in the order of the alphabet.
- `pictures/LETTER/NAME.png`: 280×280, black on white.
- `strokes.jsonl`: a line for each drawing: `name` (the letter), `file`, and `points` in the order of writing, each with
  the number of its stroke, x and y in pixels from the drawing's upper left corner and, where it was sent, t in
  milliseconds since the pen went down first.

There are no splits, and nothing tells who drew what: names are hashes of the strokes. Drawings that are alike to the
last point stand here once.

Drawings of each letter: {counts}
"""


@dataclass(frozen=True, order=True)
class _Chosen:
    """A drawing that is published: the place of its letter, the letter, the hash that names it, the key of its row."""

    place: int
    letter: str
    digest: str
    key: int


def publishable() -> QuerySet[Drawing]:
    """The drawings that were accepted and whose donors agreed to a licence."""
    return Drawing.objects.filter(state=Review.ACCEPTED, licence=Licence.CC0)


def publish(progress: CountProgress = unheard) -> PublishedDrawings:
    """Make the archive of what may be published now, and put it in the place of the one before.

    Args:
        progress: called with how many of the drawings are written; what it raises ends the work.

    Raises:
        DatasetError: there is nothing to publish.
        DrawingsChangedError: drawings changed meanwhile.
        StoreAwayError: the store of files does not answer.
        OSError: there is no room on the disk.

    """
    found = _found()
    if not found:
        raise DatasetError(_("There is no accepted drawing whose donor agreed to its publication."))
    row = PublishedDrawings(
        content_sha256=_content_sha256(found),
        drawings=len(found),
        letters="".join(dict.fromkeys(each.letter for each in found)),
    )
    standing = PublishedDrawings.objects.filter(content_sha256=row.content_sha256).first()
    if standing is not None:
        row = services.record_publication(standing)
    else:
        row.path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(row.path, name_survives=False) as file:
            _write(file, row, found, progress)
        row.file_bytes = row.path.stat().st_size
        places.keep(row.path)
        row = services.record_publication(row)
    if not _are_publishable(found):  # one was withdrawn before there was a row to mark as outdated
        services.renew_publication()
    return row


def _found() -> list[_Chosen]:
    """What is published, each drawing once, by letter and hash."""
    rows = publishable().values_list("letter", "strokes", "pk").order_by("pk").iterator(BATCH)
    by_name: dict[tuple[str, str], _Chosen] = {}
    for letter, strokes, key in rows:
        digest = _digest(strokes)
        by_name.setdefault((letter, digest), _Chosen(KAZAKH.find(letter), letter, digest, key))
    return sorted(by_name.values())


def _are_publishable(found: Sequence[_Chosen]) -> bool:
    """Whether all are still what they were when they were found, by their rows without the strokes."""
    now = dict(publishable().values_list("pk", "letter"))
    return all(now.get(each.key) == each.letter for each in found)


def _content_sha256(found: Sequence[_Chosen]) -> str:
    sha256 = hashlib.sha256(FORMAT)
    for each in found:
        sha256.update(f"{each.letter} {each.digest}\n".encode())
    return sha256.hexdigest()


def _digest(strokes: Strokes) -> str:
    return hashlib.sha256(json.dumps(_moved(strokes)).encode()).hexdigest()


def _moved(strokes: Strokes) -> list[list[list[float]]]:
    """Strokes from the upper left corner of their own: where on a page somebody drew is nobody's business."""
    points = [point for stroke in strokes for point in stroke]
    left, top = min(point[0] for point in points), min(point[1] for point in points)
    return [
        [[round(x - left, 2), round(y - top, 2), *(round(t) for t in time)] for x, y, *time in stroke]
        for stroke in strokes
    ]


def _write(file: IO[bytes], row: PublishedDrawings, found: Sequence[_Chosen], progress: CountProgress) -> None:
    counts = Counter(each.letter for each in found)
    words = README.format(
        version=row.version,
        drawings=len(found),
        letters=len(counts),
        counts=", ".join(f"{letter} {count}" for letter, count in counts.items()),
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        add(archive, "README.md", words.encode())
        add(archive, "LICENSE", LICENCE_TEXT.read_bytes())
        add(archive, LETTERS_FILE, row.letters.encode())
        for number, (each, strokes) in enumerate(_with_strokes(found)):
            progress(number, len(found))
            archive.writestr(zipfile.ZipInfo(_picture(each), YEAR), to_png(strokes), zipfile.ZIP_STORED)
        with member(archive, "strokes.jsonl") as lines:
            for each, strokes in _with_strokes(found):
                record: dict[str, Any] = {"name": each.letter, "file": _picture(each), "points": points_of(strokes)}
                lines.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _picture(found: _Chosen) -> str:
    return f"pictures/{found.letter}/{found.digest[:16]}.png"


def _with_strokes(found: Sequence[_Chosen]) -> Iterator[tuple[_Chosen, Strokes]]:
    """Each drawing with its strokes, as they were when they were found and may still be published."""
    for start in range(0, len(found), BATCH):
        batch = found[start : start + BATCH]
        there = publishable().in_bulk([each.key for each in batch])
        for each in batch:
            drawing = there.get(each.key)
            if drawing is None or (drawing.letter, _digest(drawing.strokes)) != (each.letter, each.digest):
                raise DrawingsChangedError(_("Drawings changed meanwhile, so nothing was published: try again."))
            yield each, _moved(drawing.strokes)
