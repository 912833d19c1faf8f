"""A whole search as a worker does it: one flaw of each kind is found, and nothing is half saved."""

import pytest

from tests.training.cleaning.conftest import WRONG, move, number_of
from training.cleaning import execution
from training.cleaning.detectors import run_all
from training.cleaning.findings import Filter, latest, matching
from training.cleaning.models import Cleaning, Finding, FindingKind
from training.cleaning.tasks import search_next
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker import work_loop

pytestmark = pytest.mark.django_db(transaction=True)


def searched(dataset: Dataset) -> Cleaning:
    """Queue a search and do it."""
    job = lifecycle.enqueue(Cleaning(dataset=dataset))
    search_next()
    job.refresh_from_db()
    return job


def found(job: Cleaning, kind: FindingKind) -> list[int]:
    """Pictures of a kind, the likeliest first."""
    return [row.picture for row in matching(job, Filter(kind))]


def test_each_flaw_is_found(dataset: Dataset) -> None:
    for name, split in (("Б/00.png", Split.TEST), ("Б/30.png", Split.TRAIN), ("А/30.png", Split.TRAIN)):
        move(dataset, name, split)
    move(dataset, "А/31.png", Split.TRAIN)

    job = searched(dataset)

    assert (job.state, job.error) == (State.SUCCEEDED, "")
    at = {name: number_of(dataset, name) for name in ("А/31.png", "Б/30.png", "В/21.png", "В/22.png", "В/23.png")}
    assert found(job, FindingKind.EXACT) == [at["А/31.png"]]
    assert at["Б/30.png"] in found(job, FindingKind.ACROSS)
    assert found(job, FindingKind.INVERTED) == [at["В/21.png"]]
    assert found(job, FindingKind.ALMOST_BLANK) == [at["В/22.png"]]
    assert found(job, FindingKind.BROKEN) == [at["В/23.png"]]
    assert found(job, FindingKind.BLANK) == []
    suspects = found(job, FindingKind.LABEL)
    assert {number_of(dataset, name) for name in WRONG} <= set(suspects[:3])
    assert job.counts == {kind.value: len(found(job, kind)) for kind in FindingKind}
    assert job.accuracy is not None
    assert job.accuracy > 0.9
    assert latest(dataset) == job


def test_a_finding_tells_letter_split_reading_and_twin(dataset: Dataset) -> None:
    job = searched(dataset)

    row = Finding.objects.get(cleaning=job, kind=FindingKind.LABEL, picture=number_of(dataset, WRONG[0]))
    assert (row.label, row.predicted, row.twin) == (0, 2, None)
    assert row.probability is not None
    assert 0.5 < row.probability <= 1
    assert row.score > 0
    copy = Finding.objects.get(cleaning=job, kind=FindingKind.EXACT)
    assert copy.twin == number_of(dataset, "А/30.png")


def test_a_search_that_is_stopped_saves_nothing_and_is_given_back(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = lifecycle.enqueue(Cleaning(dataset=dataset))
    with monkeypatch.context() as patched:
        patched.setattr(work_loop.Lease, "should_stop", lambda _lease: True)
        search_next()
    job.refresh_from_db()
    assert job.state == State.QUEUED
    assert not Finding.objects.exists()


def test_a_search_that_lost_its_claim_saves_nothing(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    job = lifecycle.enqueue(Cleaning(dataset=dataset))
    real = run_all.check_dataset

    def check_then_lose(*args: object, **options: object) -> object:
        result = real(*args, **options)  # type: ignore[arg-type]
        Cleaning.objects.update(attempt=5)
        return result

    monkeypatch.setattr(execution, "check_dataset", check_then_lose)
    search_next()
    job.refresh_from_db()
    assert job.state == State.RUNNING
    assert not Finding.objects.exists()


def test_files_that_are_gone_fail_it_with_a_sentence(dataset: Dataset) -> None:
    (dataset.folder / "index.npz").unlink()
    job = searched(dataset)
    assert job.state == State.FAILED
    assert job.error == "The files of the data set “letters” are gone: import it again."
