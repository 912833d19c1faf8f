"""Pictures in arrays: npz, IDX and CSV of pixels, found by looking, streamed, refused in one sentence."""

import gzip
import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.core.alphabet import KAZAKH
from recognizer.pictures import decode
from tests.training.datasets import making
from training.datasets.archives import open_archive
from training.datasets.content.splitting import Split
from training.datasets.errors import ArchiveError
from training.datasets.layouts import Choice, Plan, find_plan

IMAGES = np.stack([decode(making.png(number, side=8)) for number in range(6)])
LABELS = np.array([0, 1, 2, 0, 1, 9], dtype=np.int64)


def npy(values: NDArray[Any]) -> bytes:
    """Encode an array."""
    file = io.BytesIO()
    np.save(file, values, allow_pickle=True)
    return file.getvalue()


def idx(values: NDArray[np.uint8]) -> bytes:
    """Encode an array as IDX."""
    return struct.pack(f">I{values.ndim}I", 0x800 + values.ndim, *values.shape) + values.tobytes()


def read(
    path: Path, letters: str = making.LETTERS, choice: Choice | None = None
) -> tuple[Plan, list[NDArray[np.uint8]]]:
    """Plan an archive, and read all its pictures."""
    with open_archive(path) as archive:
        plan = find_plan(archive, letters, choice or Choice())
        return plan, [decode(content.data) for content in plan.archive.read(plan.places.__contains__)]


def labels(plan: Plan) -> list[int]:
    """The labels of a plan's pictures, in their order."""
    return [place.label for place in plan.places.values()]


SHAPES: dict[str, Callable[[NDArray[np.uint8]], NDArray[Any]]] = {
    "images": lambda images: images,
    "flat": lambda images: images.reshape(len(images), -1),
    "one channel": lambda images: images[..., None],
    "0…1": lambda images: images / 255,
    "16 bits": lambda images: images.astype(np.uint16) * 257,
    "whole numbers": lambda images: images.astype(np.int64),
    "big-endian": lambda images: images.astype(">f4"),
    "two levels": lambda images: images > 127,
}


@pytest.mark.parametrize("case", SHAPES)
def test_npz_of_any_usual_kind(case: str, tmp_path: Path) -> None:
    path = tmp_path / "letters.npz"
    np.savez_compressed(path, images=SHAPES[case](IMAGES), labels=LABELS)

    plan, pictures = read(path)

    assert plan.layout == "arrays"
    assert labels(plan) == [0, 1, 2, 0, 1]
    assert plan.set_aside == {"9": 1}
    assert np.array_equal(np.stack(pictures), IMAGES[:5])


def test_npz_with_splits_as_keras_has_them(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    np.savez(path, x_train=IMAGES[:4], y_train=LABELS[:4], x_test=IMAGES[4:5], y_test=LABELS[4:5])

    plan, pictures = read(path)

    assert [place.split for place in plan.places.values()] == [Split.TRAIN] * 4 + [Split.TEST]
    assert np.array_equal(np.stack(pictures), IMAGES[:5])


def test_npz_with_letters_splits_and_a_class_set_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "kazakh.npz"
    np.savez(
        path,
        images=IMAGES,
        labels=np.array(["Ә", "А", "Қ", "Я", "-", "1"]),
        splits=np.array(["train", "test", "val", "?", "train", "train"]),
        letters=np.array(list(KAZAKH)),
    )

    plan, _pictures = read(path, letters="")

    assert plan.letters == KAZAKH
    assert [KAZAKH[label] for label in labels(plan)] == ["Ә", "А", "Қ", "Я", "Ә"]
    assert [place.split for place in plan.places.values()] == [
        Split.TRAIN,
        Split.TEST,
        Split.VALIDATION,
        None,
        Split.TRAIN,
    ]


@pytest.mark.parametrize("zipped", [False, True])
def test_idx_pairs_as_mnist_has_them(zipped: bool, tmp_path: Path) -> None:
    files = {
        "train-images-idx3-ubyte": idx(IMAGES[:4]),
        "train-labels-idx1-ubyte": idx(LABELS[:4].astype(np.uint8)),
        "t10k-images-idx3-ubyte": idx(IMAGES[4:]),
        "t10k-labels-idx1-ubyte": idx(LABELS[4:].astype(np.uint8)),
    }
    packed = {f"raw/{name}.gz": gzip.compress(data) for name, data in files.items()}

    plan, pictures = read(making.write_folder(tmp_path / "mnist", packed if zipped else files))

    assert plan.layout == "idx"
    assert sorted(zip(labels(plan), (place.split for place in plan.places.values()), strict=True)) == sorted(
        [(0, Split.TRAIN), (1, Split.TRAIN), (2, Split.TRAIN), (0, Split.TRAIN), (1, Split.TEST)]
    )
    assert sorted(picture.tobytes() for picture in pictures) == sorted(image.tobytes() for image in IMAGES[:5])


def table(rows: list[list[str]]) -> bytes:
    """A CSV."""
    return "\n".join(",".join(row) for row in rows).encode()


ROWS = [[str(value) for value in image.ravel()] for image in IMAGES]
HEADER = [f"pixel{number}" for number in range(64)]


@pytest.mark.parametrize(
    "rows",
    [
        [["label", *HEADER], *([str(label), *row] for label, row in zip(LABELS, ROWS, strict=True))],
        [[*HEADER, "Letter"], *([*row, "АБВАБЮ"[number]] for number, row in enumerate(ROWS))],
        [[str(label), *row] for label, row in zip(LABELS, ROWS, strict=True)],
        [["АБВАБЮ"[number], *row] for number, row in enumerate(ROWS)],
    ],
)
def test_csv_of_pixels(rows: list[list[str]], tmp_path: Path) -> None:
    path = tmp_path / "pixels.csv"
    path.write_bytes(table(rows))

    plan, pictures = read(path)

    assert plan.layout == "pixels"
    assert labels(plan) == [0, 1, 2, 0, 1]
    assert sum(plan.set_aside.values()) == 1
    assert np.array_equal(np.stack(pictures), IMAGES[:5])


def test_csv_of_pixels_with_splits_and_bad_rows(tmp_path: Path) -> None:
    rows = [
        ["split", "label", *HEADER],
        ["test", "0", *ROWS[0]],
        ["train", "1", *ROWS[1][:-1]],
        ["train", "2", *ROWS[2]],
    ]
    rows[3][5] = "ink"
    path = tmp_path / "pixels.csv"
    path.write_bytes(table(rows))

    with open_archive(path) as archive:
        plan = find_plan(archive, making.LETTERS)
        contents = list(plan.archive.read(plan.places.__contains__))

    assert [place.split for place in plan.places.values()] == [Split.TEST, None, Split.TRAIN]
    assert [bool(content.data) for content in contents] == [True, False, False]


def test_archive_in_an_archive_is_read_one_level_deep(tmp_path: Path) -> None:
    deepest = making.write_zip(tmp_path / "c.zip", {"В/1.png": making.png(3)}).read_bytes()
    inner = making.write_tar(tmp_path / "b.tgz", {"А/1.png": making.png(1), "c.zip": deepest}, zipped=True)
    outer = making.write_zip(tmp_path / "a.zip", {"set/b.tgz": inner.read_bytes(), "Б/1.png": making.png(2)})

    plan, pictures = read(outer)

    assert list(plan.places) == ["Б/1.png", "set/b.tgz/А/1.png"]
    assert plan.other_files == 1
    assert np.array_equal(np.stack(pictures), np.stack([decode(making.png(2)), decode(making.png(1))]))


BAD: dict[str, tuple[dict[str, bytes], str]] = {
    "objects": ({"images.npy": npy(np.array([{}])), "labels.npy": npy(LABELS)}, "it holds objects"),
    "no array": ({"images.npy": b"images", "labels.npy": npy(LABELS)}, "it is not an array"),
    "columns first": ({"images.npy": npy(np.asfortranarray(IMAGES)), "labels.npy": npy(LABELS)}, "columns come first"),
    "no pictures": ({"images.npy": npy(np.zeros((6, 7))), "labels.npy": npy(LABELS)}, "is not that of pictures"),
    "words": ({"images.npy": npy(np.full((6, 4, 4), "x")), "labels.npy": npy(LABELS)}, "it holds no numbers"),
    "huge": (
        {"images.npy": npy(IMAGES)[:128].replace(b"(6, 8, 8)", b"(6, 9999999, 9999)"), "labels.npy": npy(LABELS)},
        "cannot be used",
    ),
    "other count": ({"images.npy": npy(IMAGES), "labels.npy": npy(LABELS[:4])}, "one entry for each picture"),
    "labels cut short": ({"images.npy": npy(IMAGES), "labels.npy": npy(LABELS)[:-8]}, "it is cut short"),
    "labels as vectors": ({"images.npy": npy(IMAGES), "labels.npy": npy(np.eye(6))}, "one entry for each picture"),
    "no square": ({"a.csv": table([["label", *HEADER, "x"], ["0", *ROWS[0], "1"]])}, "65 pixels make no square"),
    "IDX of other counts": (
        {"train-images-idx3-ubyte": idx(IMAGES), "train-labels-idx1-ubyte": idx(np.zeros(5, np.uint8))},
        "6 images for 5 labels",
    ),
    "IDX cut short": (
        {"train-images-idx3-ubyte": idx(IMAGES), "train-labels-idx1-ubyte": idx(np.zeros(6, np.uint8))[:9]},
        "it is cut short",
    ),
    "IDX of texts": ({"train-images-idx3-ubyte": b"x" * 50, "train-labels-idx1-ubyte": b"y" * 50}, "not an IDX file"),
    "IDX in no gzip": ({"train-images-idx3-ubyte.gz": b"x", "train-labels-idx1-ubyte.gz": b"y"}, "damaged archive"),
    "bad inner archive": ({"inner.zip": b"PK\x03\x04 and no more"}, "inner.zip is a damaged archive"),
    "inner archive of links": ({"a/inner.tar": b""}, "inner.tar is not a zip or tar"),
    "empty inner archive": ({"a.zip": b"PK\x05\x06" + bytes(18)}, "The archive is empty"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_arrays_are_refused_in_one_sentence(case: str, tmp_path: Path) -> None:
    contents, words = BAD[case]

    with pytest.raises(ArchiveError, match=words) as caught:
        read(making.write_zip(tmp_path / "bad.zip", contents))

    assert "\n" not in str(caught.value)


def test_images_that_are_cut_short_are_listed(tmp_path: Path) -> None:
    path = making.write_zip(tmp_path / "a.zip", {"images.npy": npy(IMAGES)[:-70], "labels.npy": npy(LABELS)})

    with open_archive(path) as archive:
        plan = find_plan(archive, making.LETTERS)
        contents = [content.data != b"" for content in plan.archive.read(plan.places.__contains__)]

    assert contents == [True, True, True, True, False]


def test_inner_archives_share_the_limits_of_the_outer(tmp_path: Path) -> None:
    from training.datasets.archives import ArchiveLimits

    inner = making.write_zip(tmp_path / "b.zip", making.folders(30)).read_bytes()
    outer = making.write_zip(tmp_path / "a.zip", {"1.zip": inner, "2.zip": inner})

    with pytest.raises(ArchiveError, match="more than"), open_archive(outer, ArchiveLimits(files=100)):
        pass
