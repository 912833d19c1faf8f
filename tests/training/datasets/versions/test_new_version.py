"""New versions of a data set: what changes, what stays, and that a half-made one leaves nothing."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.training.datasets import making
from tests.training.datasets.conftest import left_behind
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError, ImportStoppedError
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.datasets.storage.picture_files import Index, decoded, digest, encoded, file_sha256
from training.datasets.versions.additions import Addition
from training.datasets.versions.new_version import Changes, new_version

pytestmark = pytest.mark.django_db


def state(dataset: Dataset) -> dict[str, tuple[int, int]]:
    """Letter and split of each picture, by name."""
    index = Index.load(dataset.folder)
    pairs = zip(index.labels.tolist(), index.splits.tolist(), strict=True)
    return dict(zip(index.names, pairs, strict=True))


def test_rejected_are_left_out_and_relabelled_have_their_new_letter(dataset: Dataset) -> None:
    before = state(dataset)
    names = list(before)

    version = new_version(dataset, name="clean", changes=Changes(rejected={0, 23}, relabelled={5: 2, 6: 1}))

    expected = {name: row for name, row in before.items() if name not in (names[0], names[23])}
    expected[names[5]] = (2, before[names[5]][1])
    expected[names[6]] = (1, before[names[6]][1])
    assert state(version) == expected
    assert state(dataset) == before
    assert (version.parent, version.pictures, version.letters) == (dataset, 22, dataset.letters)
    assert sum(sum(version.counts(split)) for split in Split) == 22
    assert version.content_sha256 == Index.load(version.folder).content_sha256() != dataset.content_sha256


def test_files_of_a_version_are_those_that_would_be_made_from_scratch(dataset: Dataset) -> None:
    given = [Addition(making.png(7000 + number), "Б", f"{number}.png", "drawn here") for number in range(3)]

    version = new_version(dataset, name="clean", changes=Changes({1, 2}, {3: 2}), additions=given)

    for split in Split:
        row = version.inputs_files.get(split=split.key)
        assert file_sha256(row.path) == row.sha256
        kept = input_files.load(version, split, "moments-2")
        row.path.unlink()
        made = input_files.load(version, split, "moments-2")
        assert np.array_equal(kept.inputs, made.inputs)
        assert np.array_equal(kept.labels, made.labels)
    index = Index.load(version.folder)
    assert [digest(pixels) for pixels in decoded(version.folder, index)] == [row.tobytes() for row in index.digests]
    assert list(index.names) == sorted(index.names)


def test_lineage_tells_each_step(dataset: Dataset) -> None:
    first = new_version(dataset, name="first", changes=Changes({0}, {1: 2}))
    second = new_version(first, name="second", additions=[Addition(making.png(9000), "А", "a.png", "drawn here")])

    assert [step["parent"] for step in second.lineage] == ["letters", "first"]
    assert second.lineage[0]["rejected"] == second.lineage[0]["relabelled"] == 1
    assert second.lineage[1]["added_by_source"] == {"drawn here": 1}
    assert second.lineage[1]["pictures"] == 23
    dataset.delete()
    first.refresh_from_db()
    assert first.parent is None
    assert first.lineage[0]["content_sha256"] == dataset.content_sha256


def test_addition_goes_to_training_and_a_copy_of_a_test_picture_is_dropped(dataset: Dataset) -> None:
    index = Index.load(dataset.folder)
    place = int(np.flatnonzero(index.splits == Split.TEST)[0])
    copied = next(iter(encoded(dataset.folder, index.take(np.array([place])))))
    given = [Addition(copied, "А", "copy.png", "given"), Addition(making.png(8000), "В", "new.png", "given")]

    version = new_version(dataset, name="more", additions=given)

    added = {name: row for name, row in state(version).items() if name.startswith("added/")}
    assert added == {"added/000001-new.png": (2, Split.TRAIN)}
    assert version.lineage[0]["added"] == version.lineage[0]["copies_dropped"] == 1
    assert version.size(Split.TEST) == dataset.size(Split.TEST)


def test_on_saved_is_told_where_each_picture_was(dataset: Dataset) -> None:
    heard: list[NDArray[np.int64]] = []

    version = new_version(
        dataset,
        name="more",
        changes=Changes(rejected={0}),
        additions=[Addition(making.png(1), "А", "x", "given")],
        on_saved=lambda _row, origin: heard.append(origin),
    )

    before, after = Index.load(dataset.folder), Index.load(version.folder)
    for number, name in zip(heard[0].tolist(), after.names, strict=True):
        assert name.startswith("added/") if number == 24 else before.names[number] == name


@pytest.mark.parametrize(
    ("name", "changes", "additions", "words"),
    [
        ("letters", Changes(), (), "named “letters” already"),
        ("a/b", Changes(), (), "A name has at most 100"),
        ("v", Changes(rejected={24}), (), "no such picture"),
        ("v", Changes(relabelled={0: 3}), (), "no such letter"),
        ("v", Changes(rejected=set(range(24))), (), "No picture would be left"),
        ("v", Changes(), [Addition(b"no picture", "А", "x.png", "")], "x.png cannot be added: This is not a picture"),
        ("v", Changes(), [Addition(making.blank(), "А", "x.png", "")], "x.png cannot be added: no ink on it."),
        ("v", Changes(), [Addition(making.png(1), "Я", "x.png", "")], "has no letter “Я”"),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(
    dataset: Dataset, var: Path, name: str, changes: Changes, additions: list[Addition], words: str
) -> None:
    with pytest.raises(DatasetError, match=words):
        new_version(dataset, name=name, changes=changes, additions=additions)
    assert Dataset.objects.count() == 1
    assert left_behind(var) == [str(dataset.pk)]


def test_stop_and_a_failure_in_the_last_step_leave_nothing(dataset: Dataset, var: Path) -> None:
    with pytest.raises(ImportStoppedError):
        new_version(dataset, name="v", should_stop=lambda: True)

    def fail(_row: Dataset, _origin: NDArray[np.int64]) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        new_version(dataset, name="v", on_saved=fail)
    assert Dataset.objects.count() == 1
    assert left_behind(var) == [str(dataset.pk)]


def test_files_that_are_gone_are_named(dataset: Dataset) -> None:
    (dataset.folder / "index.npz").unlink()
    with pytest.raises(DatasetError, match="The files of the data set “letters” are gone"):
        new_version(dataset, name="v")
