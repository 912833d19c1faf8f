"""A folder and a database know one another; who has another folder takes no job."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytest_django import Settings

from training.jobs import files
from training.jobs.models import Deployment, State
from training.jobs.worker.work_loop import JobFailedError, Lease, work, work_next
from training.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of all state with an empty database, on a server."""
    settings.PROPIS_VAR = tmp_path
    Deployment.objects.all().delete()
    monkeypatch.setattr(files, "connection", SimpleNamespace(vendor="postgresql"))
    return tmp_path


def test_an_empty_folder_and_an_empty_database_become_one_anothers(folder: Path) -> None:
    assert not files.are_here()
    files.give_identity()
    assert files.are_here()
    identity = Deployment.objects.get().identity
    files.give_identity()
    assert Deployment.objects.get().identity == identity == (folder / "identity").read_text().strip()


def test_another_folder_is_not_given_the_identity(folder: Path, settings: Settings) -> None:
    files.give_identity()
    settings.PROPIS_VAR = folder / "other"
    settings.PROPIS_VAR.mkdir()
    files.give_identity()
    assert not files.are_here()
    assert not any(settings.PROPIS_VAR.iterdir())


def test_a_folder_keeps_its_identity_with_a_new_database(folder: Path) -> None:
    (folder / "identity").write_text("ours")
    files.give_identity()
    assert Deployment.objects.get().identity == "ours"


@pytest.mark.usefixtures("folder")
def test_who_has_another_folder_takes_nothing(queued: Callable[..., Run]) -> None:
    job = queued()
    assert not work_next(Run, lambda job, lease: pytest.fail("it was taken"))
    job.refresh_from_db()
    assert (job.state, job.attempt) == (State.QUEUED, 0)


def test_what_fails_as_the_files_were_taken_away_is_given_back(held: Callable[..., Run], folder: Path) -> None:
    files.give_identity()
    job = held()

    def execute(job: Run, lease: Lease) -> None:
        (folder / "identity").unlink()
        raise JobFailedError("Its files are gone.")

    work(job, execute)
    job.refresh_from_db()
    assert (job.state, job.error) == (State.QUEUED, "")
