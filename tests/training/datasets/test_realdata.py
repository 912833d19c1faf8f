"""The two real archives, every count of theirs."""

from pathlib import Path

import pytest

from training.datasets.content.splitting import Split
from training.datasets.imports.pipeline import import_archive

pytestmark = [pytest.mark.realdata, pytest.mark.django_db, pytest.mark.processor_seconds(180)]


def test_cyrillic_mnist(real_archives: Path) -> None:
    dataset = import_archive(real_archives / "cmnist.zip", name="cmnist")

    report = dataset.report
    assert (report["letters"], report["set_aside"], report["skipped"]) == (88_361, 25_377, 0)
    assert report["published_split"] is True
    assert [dataset.size(split) for split in Split] == [74_211, 9_410, 4_740]
    assert (report["duplicates_dropped"], report["duplicates_kept"]) == (0, 1)
    assert dataset.pictures == 88_361
    assert "bolattleubayev" in dataset.source


def test_comnist(real_archives: Path) -> None:
    dataset = import_archive(real_archives / "comnist-cyrillic.zip", name="comnist")

    report = dataset.report
    assert (report["letters"], report["set_aside"], report["skipped"]) == (12_004, 0, 0)
    assert report["published_split"] is False
    assert dataset.size(Split.TEST) == 3_001
    assert dataset.size(Split.VALIDATION) == 1_199
    assert dataset.pictures + report["duplicates_dropped"] == 12_004
    assert min(dataset.counts(Split.TEST)) >= 60
