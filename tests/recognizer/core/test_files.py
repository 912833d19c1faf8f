"""A file that is replaced is the old one or the new one, whatever happens between."""

from pathlib import Path

import pytest

from recognizer.core.files import replacing


def test_a_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        file.write(b"half" * (1 // 0))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "weights"
    with pytest.raises(FileNotFoundError) as caught, replacing(path):
        pass
    assert str(caught.value) == f"the folder {tmp_path / 'nowhere'} does not exist"


def test_a_file_that_cannot_be_made_is_named_as_it_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "weights"
    with pytest.raises(NotADirectoryError) as caught, replacing(path):
        pass
    assert caught.value.filename == str(path)
