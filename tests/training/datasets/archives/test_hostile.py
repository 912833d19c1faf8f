"""Every bad archive gets one clear sentence, and nothing of it stays."""

import io
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.training.datasets import making
from tests.training.datasets.conftest import left_behind
from training.datasets.archives import ArchiveLimits
from training.datasets.errors import ArchiveError, DatasetError, ImportStoppedError
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset, InputsFile
from training.datasets.storage.picture_files import Index, encoded

pytestmark = pytest.mark.django_db
LIMITS = ArchiveLimits(files=100, total_bytes=30 * 2**20, file_bytes=25 * 2**20)
GOOD = making.png(1)


def text(path: Path, content: bytes) -> Path:
    """Write a plain file."""
    path.write_bytes(content)
    return path


def truncated(path: Path, share: float = 0.6) -> Path:
    """Cut a file short."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def folder_with_link(path: Path) -> Path:
    """Make a folder that holds a link to a file outside."""
    making.write_folder(path, {"А/1.png": GOOD})
    (path / "А" / "2.png").symlink_to("/etc/passwd")
    return path


def csv(header: str, *rows: str) -> dict[str, bytes]:
    """Contents of a flat folder with a table."""
    return {"info.csv": "\n".join((header, *rows)).encode(), "pics/a.png": GOOD}


def nested(path: Path, depth: int) -> Path:
    """A zip with a zip in it, and so on; pictures are in the innermost."""
    making.write_zip(path, making.folders(1))
    for _level in range(depth - 1):
        making.write_zip(path, {"1.zip": path.read_bytes()})
    return path


def three_swelling(folder: Path) -> Path:
    """A zip with three zips, each of which unpacks to less than the limit."""
    inner = making.write_zip(folder / "b.zip", {f"А/{number}.png": bytes(900_000) for number in range(15)}).read_bytes()
    return making.write_zip(folder / "a.zip", {f"{number}.zip": inner for number in range(3)})


def locked_among_others(path: Path) -> Path:
    """A zip in which the last of many files is said to be locked."""
    data = bytearray(making.write_zip(path, making.folders(4)).read_bytes())
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda p: p / "none.zip", "There is no file or folder"),
    "not an archive": (lambda p: text(p / "a.zip", b"hello, this is no archive at all"), "a.zip is not a zip or tar"),
    "a picture": (lambda p: text(p / "a.tar", GOOD), "a.tar is not a zip or tar"),
    "empty file": (lambda p: text(p / "a.zip", b""), "a.zip is not a zip or tar"),
    "empty zip": (lambda p: making.write_zip(p / "a.zip", {}), "The archive is empty"),
    "empty tar.gz": (lambda p: making.write_tar(p / "a.tgz", {}, zipped=True), "The archive is empty"),
    "empty folder": (lambda p: p, "The archive is empty"),
    "junk only": (lambda p: making.write_zip(p / "a.zip", {"__MACOSX/А/1.png": b"x", ".DS_Store": b""}), "is empty"),
    "truncated zip": (lambda p: truncated(making.write_zip(p / "a.zip", making.folders())), "damaged archive"),
    "truncated tar": (lambda p: truncated(making.write_tar(p / "a.tar", making.folders())), "damaged archive"),
    "truncated tar.gz": (
        lambda p: truncated(making.write_tar(p / "a.tgz", making.folders(), zipped=True)),
        "damaged archive",
    ),
    "gzip of no tar": (lambda p: text(p / "a.gz", b"\x1f\x8b" + bytes(100)), "damaged archive"),
    "no letters": (lambda p: making.write_zip(p / "a.zip", {"cats/1.png": GOOD}), "No known letters"),
    "other letters": (lambda p: making.write_zip(p / "a.zip", {"Ә/1.png": GOOD, "Q/1.png": GOOD}), "No known letters"),
    "numbers too high": (lambda p: making.write_zip(p / "a.zip", {"33/1.png": GOOD}), "No known letters"),
    "name with ..": (lambda p: making.write_zip(p / "a.zip", {"../А/1.png": GOOD}), "leads out of it"),
    "name with .. inside": (lambda p: making.write_zip(p / "a.zip", {"А/../../1.png": GOOD}), "leads out of it"),
    "name with ..\\": (lambda p: making.write_zip(p / "a.zip", {"..\\А\\1.png": GOOD}), "leads out of it"),
    "absolute name": (lambda p: making.write_zip(p / "a.zip", {"/А/1.png": GOOD}), "is absolute"),
    "drive": (lambda p: making.write_zip(p / "a.zip", {"C:\\А\\1.png": GOOD}), "is absolute"),
    "tar with ..": (lambda p: making.write_tar(p / "a.tar", {"../А/1.png": GOOD}), "leads out of it"),
    "tar, absolute": (lambda p: making.write_tar(p / "a.tar", {"/А/1.png": GOOD}), "is absolute"),
    "link in a zip": (lambda p: making.zip_with_link(p / "a.zip"), "is a link or a special file"),
    "link in a tar": (lambda p: making.tar_with(p / "a.tar", tarfile.SYMTYPE), "is a link or a special file"),
    "hard link": (lambda p: making.tar_with(p / "a.tar", tarfile.LNKTYPE), "is a link or a special file"),
    "device": (lambda p: making.tar_with(p / "a.tar", tarfile.CHRTYPE), "is a link or a special file"),
    "pipe": (lambda p: making.tar_with(p / "a.tar", tarfile.FIFOTYPE), "is a link or a special file"),
    "link in a folder": (lambda p: folder_with_link(p / "set"), "is a link or a special file"),
    "zip bomb": (lambda p: making.zip_bomb(p / "a.zip"), "more than 100 times its packed size"),
    "tar bomb": (lambda p: making.tar_bomb(p / "a.tgz"), "more than 100 times its packed size"),
    "huge header": (lambda p: making.tar_with_huge_header(p / "a.tgz"), "damaged archive"),
    "huge directory": (lambda p: making.zip_claiming_many(p / "a.zip"), "more than 100 files"),
    "too many files": (lambda p: making.write_zip(p / "a.zip", making.folders(60)), "more than 100 files"),
    "too many in a tar": (lambda p: making.write_tar(p / "a.tar", making.folders(60)), "more than 100 files"),
    "a file too large": (
        lambda p: making.write_tar(p / "a.tar", {"А/1.png": bytes(26 * 2**20)}),
        "no file may pass",
    ),
    "too much in all": (
        lambda p: making.write_tar(p / "a.tar", {"А/1.png": bytes(16 * 2**20), "А/2.png": bytes(16 * 2**20)}),
        "unpacks to more than 30.0",
    ),
    "password": (lambda p: making.encrypted_zip(p / "a.zip"), "locked with a password"),
    "nested archive": (
        lambda p: making.write_zip(p / "a.zip", {"inner.zip": b"PK\x03\x04"}),
        "inner.zip is a damaged archive",
    ),
    "archives three deep": (
        lambda p: nested(p / "a.zip", 3),
        "1.zip/1.zip lies too deep",
    ),
    "zip bomb in a zip": (
        lambda p: making.write_zip(p / "a.zip", {"1.zip": making.zip_bomb(p / "b.zip").read_bytes()}),
        "more than 100 times its packed size",
    ),
    "too much in all the inner archives": (lambda p: three_swelling(p), "unpacks to more than"),
    "one locked file among others": (lambda p: locked_among_others(p / "a.zip"), "locked with a password"),
    "table without columns": (
        lambda p: making.write_zip(p / "a.zip", csv("a,b", "a.png,0")),
        "No known letters",
    ),
    "table with short rows": (
        lambda p: making.write_zip(p / "a.zip", csv("filename,Russian", "a.png")),
        "row 2 is too short",
    ),
    "table in UTF-16 that is cut short": (
        lambda p: making.write_zip(p / "a.zip", {"info.csv": "filename,letter\na.png,Ж".encode("utf-16")[:-1]}),
        "not readable as CSV",
    ),
    "table that is one endless line": (
        lambda p: making.write_zip(p / "a.zip", {"info.csv": random.Random(0).randbytes(2**20).hex().encode()}),
        "not readable as CSV",
    ),
    "table with a quarter of a million columns": (
        lambda p: making.write_zip(p / "a.zip", {"info.csv": b"a,b," * 130_000}),
        "too many rows or columns",
    ),
    "table with an open quote": (
        lambda p: making.write_zip(p / "a.zip", csv("filename,Russian", '"a.png,0')),
        "not readable as CSV",
    ),
    "only unreadable": (lambda p: making.write_zip(p / "a.zip", {"А/1.png": b"nothing"}), "None of the 1 pictures"),
    "only blank": (lambda p: making.write_zip(p / "a.zip", {"А/1.png": making.blank()}), "no ink on it"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_archive_is_refused_in_one_sentence_and_leaves_nothing(case: str, tmp_path: Path, var: Path) -> None:
    make, words = BAD[case]
    folder = tmp_path / "made"
    folder.mkdir()
    path = make(folder)

    with pytest.raises(ArchiveError) as caught:
        import_archive(path, name="bad", limits=LIMITS)

    message = str(caught.value)
    assert words in message
    assert "\n" not in message
    assert message.endswith(".")
    assert left_behind(var) == []
    assert not Dataset.objects.exists()


def damaged_member(path: Path) -> Path:
    """A zip in which one picture's packed bytes were changed."""
    import zipfile

    making.write_zip(path, {"А/1.png": GOOD, "А/2.png": making.png(2)}, compression=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.find(making.png(2)) + 40] ^= 0xFF
    path.write_bytes(data)
    return path


SKIPPED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "text": (b"I am a picture, believe me", "not a picture"),
    "truncated PNG": (making.png(5, side=64)[:80], "damaged or cut short"),
    "truncated JPEG": (making.encoded(Image.linear_gradient("L"), "JPEG")[:400], "damaged or cut short"),
    "50,000 × 50,000": (making.huge_png(), "million pixels"),
    "6,000 × 6,000": (making.huge_png(6000), "million pixels"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
    "no ink": (making.blank(), "no ink on it"),
    "animated GIF": (making.moving("GIF"), "animated"),
    "animated PNG": (making.moving("PNG"), "animated"),
    "animated WebP": (making.moving("WEBP"), "animated"),
    "TIFF of two pages": (making.moving("TIFF"), "several pages"),
}


@pytest.mark.parametrize("case", SKIPPED)
def test_bad_picture_is_skipped_and_listed_by_name_and_reason(case: str, tmp_path: Path) -> None:
    data, words = SKIPPED[case]
    path = making.write_zip(tmp_path / "a.zip", {**making.folders(), "set/А/bad.png": data})

    dataset = import_archive(path, name="letters", letters=making.LETTERS)

    assert dataset.pictures == 24
    assert dataset.report["letters"] == 25
    assert dataset.report["skipped"] == 1
    [[name, reason]] = dataset.report["skipped_list"]
    assert name == "set/А/bad.png"
    assert words in reason
    assert dataset.report["skipped_by_reason"] == {reason: 1}


def test_picture_with_damaged_bytes_in_the_zip_is_skipped(tmp_path: Path) -> None:
    dataset = import_archive(damaged_member(tmp_path / "a.zip"), name="letters")

    assert dataset.pictures == 1
    assert dataset.report["skipped_list"][0][0] == "А/2.png"
    assert "damaged in the archive" in dataset.report["skipped_list"][0][1]


def test_file_of_a_name_that_was_there_already_is_left_out_and_listed(tmp_path: Path) -> None:
    contents = making.folders()
    path = making.zip_with_twins(tmp_path / "a.zip", contents, "set/А/3.png", making.png(999))

    dataset = import_archive(path, name="letters", letters=making.LETTERS)

    assert dataset.pictures == 24
    assert dataset.report["skipped_list"] == [
        ["set/А/3.png", "there is another file of the same name; the first one counts"]
    ]
    index = Index.load(dataset.folder)
    kept = dict(zip(index.names, encoded(dataset.folder, index), strict=True))
    assert kept == contents


def test_archive_that_lies_too_deep_is_listed(tmp_path: Path) -> None:
    inner = nested(tmp_path / "b.zip", 2).read_bytes()
    path = making.write_zip(tmp_path / "a.zip", {**making.folders(), "more.zip": inner})

    dataset = import_archive(path, name="letters", letters=making.LETTERS)

    assert dataset.pictures == 24
    assert dataset.report["skipped_list"] == [["more.zip/1.zip", "an archive that was not opened"]]


def test_stop_leaves_nothing(archive: Path, var: Path) -> None:
    with pytest.raises(ImportStoppedError):
        import_archive(archive, name="letters", should_stop=lambda: True)

    assert left_behind(var) == []
    assert not Dataset.objects.exists()


def test_what_on_saved_raises_undoes_the_import(archive: Path, var: Path) -> None:
    def refuse(_dataset: Dataset) -> None:
        raise RuntimeError("the claim was lost")

    with pytest.raises(RuntimeError):
        import_archive(archive, name="letters", on_saved=refuse)

    assert left_behind(var) == []
    assert not Dataset.objects.exists()
    assert not InputsFile.objects.exists()


@pytest.mark.parametrize("name", ["", " ", "../x", "a/b", "x" * 101, "a\nb", "<script>"])
def test_bad_name_is_refused_before_anything_is_read(name: str, archive: Path, var: Path) -> None:
    with pytest.raises(DatasetError, match="A name has at most 100 characters"):
        import_archive(archive, name=name)
    assert left_behind(var) == []


def test_name_that_is_taken_is_refused(dataset: Dataset, archive: Path, var: Path) -> None:
    with pytest.raises(DatasetError, match="There is a data set named “letters” already"):
        import_archive(archive, name="letters")
    assert left_behind(var) == [str(dataset.pk)]


def test_sixteen_bits_palettes_and_strokes_in_alpha_are_taken(tmp_path: Path) -> None:
    grey = Image.open(io.BytesIO(making.png(3)))
    alpha = Image.new("LA", grey.size, (0, 0))
    alpha.putalpha(grey.point(lambda value: 255 - value))
    pictures = {
        "set/А/deep.png": making.encoded(grey.convert("I;16").point(lambda value: value * 257)),
        "set/А/palette.png": making.png(3, mode="P"),
        "set/А/colour.png": making.png(3, mode="RGB"),
        "set/А/alpha.png": making.encoded(alpha),
        "set/А/two.png": making.png(3, mode="1"),
        "set/А/cmyk.jpg": making.encoded(grey.convert("CMYK"), "JPEG"),
    }
    path = making.write_zip(tmp_path / "a.zip", {**making.folders(), **pictures})

    dataset = import_archive(path, name="letters", letters=making.LETTERS)

    assert dataset.report["skipped_list"] == []
    assert dataset.report["letters"] == 24 + len(pictures)
