"""`clean_dataset` and `new_version` on the command line."""

import json
import os
import signal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.training.cleaning.conftest import move, number_of
from training.cleaning.management.commands import clean_dataset
from training.cleaning.models import Cleaning, FindingKind
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import Index
from training.jobs.worker.work_loop import Lease

pytestmark = pytest.mark.django_db(transaction=True)


def called(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """Run a command with --json."""
    call_command(*words, "--json")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_search_then_a_version_without_copies_across_splits(
    dataset: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    move(dataset, "Б/00.png", Split.TEST)
    move(dataset, "Б/30.png", Split.TRAIN)
    copy = number_of(dataset, "Б/30.png")

    figures = called(capsys, "clean_dataset", "letters")
    assert set(figures["found"]) == set(FindingKind.values)
    assert figures["pictures"] == 120
    across = figures["found"]["across"]
    assert across >= 1
    version = called(capsys, "new_version", "letters", "--name", "clean", "--reject", "across")
    assert (version["pictures"], version["rejected"], version["parent"]) == (120 - across, across, "letters")
    assert called(capsys, "clean_dataset", "clean")["found"]["across"] == 0
    names = Index.load(Dataset.objects.get(name="clean").folder).names
    assert Index.load(dataset.folder).names[copy] not in names


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("clean_dataset", "none"), "no data set named “none”"),
        (("clean_dataset", "letters", "--folds", "1"), "folds: Ensure this value is greater than or equal to 2"),
        (("new_version", "none", "--name", "x"), "no data set named “none”"),
        (("new_version", "letters", "--name", "letters"), "named “letters” already"),
        (("new_version", "letters", "--name", "a/b"), "A name has at most 100"),
        (("new_version", "letters", "--name", "x", "--reject", "near"), "run clean_dataset first"),
    ],
)
def test_bad_input_is_one_sentence(dataset: Dataset, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command(*words)
    assert Dataset.objects.count() == 1


def test_ctrl_c_ends_a_check_with_one_sentence(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(_job: Cleaning, lease: Lease) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        lease.check()

    monkeypatch.setattr(clean_dataset, "check", pressed)
    with pytest.raises(CommandError, match=r"^The label check was cancelled\.$") as caught:
        call_command("clean_dataset", "letters")
    assert caught.value.returncode == 130
