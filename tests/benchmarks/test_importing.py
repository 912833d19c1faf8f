"""The import benchmark: its report, and that its subjects do their work."""

from pathlib import Path

import pytest

from benchmarks import importing
from benchmarks.harness import Subject
from tests.training.datasets import making


def test_ratios_and_memory_are_held_against_the_thresholds() -> None:
    seconds = {
        "loop cmnist.zip": [5.0, 5.0, 6.0],
        "import cmnist.zip": [4.0, 5.0, 9.0],
        "loop comnist-cyrillic.zip": [2.0],
        "import comnist-cyrillic.zip": [3.2],
    }

    report = importing.report(seconds, {"cmnist.zip": 400.0, "comnist-cyrillic.zip": 601.0}, {})

    assert [figure.verdict for figure in report.figures] == ["reached", "reached", "MISSED", "MISSED"]
    assert report.rows[0] == ("loop", "cmnist.zip", "5.00", "5.00")


def test_without_the_archives_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROPIS_DATA", str(tmp_path))

    report = importing.ImportingBenchmark().run()

    assert "left out" in report.title
    assert report.is_reached


@pytest.mark.parametrize("kind", ["loop", "import"])
def test_subjects_do_their_work(kind: str, tmp_path: Path) -> None:
    archive = making.write_zip(tmp_path / "a.zip", making.folders())

    with Subject([*importing.SUBJECT, kind, str(archive)]) as subject:
        assert min(subject.measure(2)) > 0
