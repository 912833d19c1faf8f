"""Imports as jobs: done by a worker, cancelled, failed with a sentence, given back."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from tests.training.datasets import making
from tests.training.datasets.conftest import left_behind
from training.datasets import execution
from training.datasets.content.splitting import Split
from training.datasets.errors import ArchiveError
from training.datasets.imports import uploads
from training.datasets.models import Dataset, DatasetImport, Origin
from training.datasets.tasks import import_next
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker import work_loop

pytestmark = pytest.mark.django_db(transaction=True)


def queued(path: Path | str, origin: Origin = Origin.FOLDER) -> DatasetImport:
    """Queue an import."""
    return lifecycle.enqueue(DatasetImport(name="letters", origin=origin, path=str(path)))


def uploaded(data: bytes) -> Path:
    """Keep an upload."""
    return uploads.keep(SimpleUploadedFile("letters.zip", data))


def test_worker_imports_from_the_folder(settings: Settings) -> None:
    making.write_zip(settings.PROPIS_IMPORT_ROOT / "a.zip", making.folders())
    job = queued("a.zip")

    import_next()

    job.refresh_from_db()
    assert (job.state, job.error, job.progress) == (State.SUCCEEDED, "", 1.0)
    assert job.dataset == Dataset.objects.get(name="letters")
    assert job.dataset.archive_name == "a.zip"


def test_upload_is_imported_and_forgotten(archive: Path) -> None:
    path = uploaded(archive.read_bytes())
    job = queued(path, Origin.UPLOAD)

    import_next()

    job.refresh_from_db()
    assert job.state == State.SUCCEEDED
    assert Dataset.objects.get().archive_name == "letters.zip"
    assert not path.exists()


def test_bad_archive_fails_with_its_sentence_and_leaves_nothing(var: Path) -> None:
    path = uploaded(b"PK\x03\x04 and no more")
    job = queued(path, Origin.UPLOAD)

    import_next()

    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.error.startswith("letters.zip is a damaged archive")
    assert left_behind(var) == []
    assert not path.exists()


def test_retry_of_an_upload_that_is_gone_says_so() -> None:
    job = queued(uploaded(b"PK\x03\x04 and no more"), Origin.UPLOAD)
    import_next()

    assert lifecycle.retry(job)
    import_next()

    job.refresh_from_db()
    assert (job.state, job.attempt) == (State.FAILED, 2)
    assert job.error == "The uploaded archive letters.zip is no longer here: upload it once more."


def test_upload_stays_for_a_retry_where_the_archive_is_not_to_blame(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = uploaded(archive.read_bytes())
    job = queued(path, Origin.UPLOAD)

    def full(*_args: object, **_kwargs: object) -> Dataset:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(execution, "import_archive", full)
        import_next()
    job.refresh_from_db()
    assert (job.state, path.exists()) == (State.FAILED, True)
    assert "No space left" in job.error

    assert lifecycle.retry(job)
    import_next()

    job.refresh_from_db()
    assert job.state == State.SUCCEEDED
    assert not path.exists()


def test_choices_of_a_person_reach_the_import(settings: Settings) -> None:
    making.write_zip(settings.PROPIS_IMPORT_ROOT / "a.zip", making.folders(12))
    lifecycle.enqueue(
        DatasetImport(
            name="a", origin=Origin.FOLDER, path="a.zip", letters=making.LETTERS, test_size="7", validation_size="25%"
        )
    )

    import_next()

    dataset = Dataset.objects.get()
    assert (dataset.letters, dataset.size(Split.TEST), dataset.size(Split.VALIDATION)) == ("АБВ", 7, 9)


def test_paused_import_keeps_its_upload(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = uploaded(archive.read_bytes())
    job = queued(path, Origin.UPLOAD)
    assert lifecycle.request_pause(job)
    monkeypatch.setattr(uploads, "OLD_SECONDS", -1)

    uploads.forget_old()

    assert path.exists()


def test_letters_are_made_and_imported() -> None:
    lifecycle.enqueue(DatasetImport(name="ours", origin=Origin.SYNTHETIC, per_letter=5))

    import_next()

    dataset = Dataset.objects.get()
    assert (dataset.name, dataset.pictures, dataset.archive_name) == ("ours", 165, "synthetic.zip")
    assert dataset.licence.startswith("MIT (skeletons)")
    assert list(uploads.folder().iterdir()) == []


def test_making_letters_can_be_stopped(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = lifecycle.enqueue(DatasetImport(name="ours", origin=Origin.SYNTHETIC, per_letter=5))

    job = stopped(job, monkeypatch, lambda: lifecycle.request_cancel(job))

    assert job.state == State.CANCELLED
    assert (left_behind(var), list(uploads.folder().iterdir())) == ([], [])


def stopped(job: DatasetImport, monkeypatch: pytest.MonkeyPatch, during: Callable[[], object]) -> DatasetImport:
    """Work on a job during which something happens."""
    assert lifecycle.claim(DatasetImport, job.pk, attempt=0, worker="me")
    job.refresh_from_db()
    monkeypatch.setattr(work_loop.Lease, "should_stop", lambda lease: (during(), lease._look(), lease.cancelled)[-1])
    work_loop.work(job, execution.execute)
    job.refresh_from_db()
    return job


def test_cancelled_import_leaves_nothing(archive: Path, var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = uploaded(archive.read_bytes())
    job = queued(path, Origin.UPLOAD)

    job = stopped(job, monkeypatch, lambda: lifecycle.request_cancel(job))

    assert job.state == State.CANCELLED
    assert left_behind(var) == []
    assert not path.exists()


def test_worker_told_to_stop_gives_the_import_back_with_its_upload(
    archive: Path, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = uploaded(archive.read_bytes())
    job = queued(path, Origin.UPLOAD)
    with monkeypatch.context() as patched:
        patched.setattr(work_loop.Lease, "should_stop", lambda _lease: True)
        import_next()
    job.refresh_from_db()
    assert job.state == State.QUEUED
    assert left_behind(var) == []

    import_next()

    job.refresh_from_db()
    assert job.state == State.SUCCEEDED
    assert not path.exists()


def test_import_that_lost_its_claim_saves_nothing(archive: Path, var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = queued(uploaded(archive.read_bytes()), Origin.UPLOAD)

    def taken_over() -> None:
        DatasetImport.objects.filter(pk=job.pk).update(attempt=2)

    monkeypatch.setattr(uploads, "forget_old", taken_over)
    import_next()

    job.refresh_from_db()
    assert (job.state, job.dataset) == (State.RUNNING, None)
    assert left_behind(var) == []
    assert not Dataset.objects.exists()


@pytest.mark.parametrize("path", ["../secret.zip", "/etc/passwd", "link/../../x", "", ".", "a\0b", "x" * 5000])
def test_paths_outside_the_import_folder_are_refused(path: str) -> None:
    with pytest.raises(ArchiveError, match="inside the import folder"):
        uploads.under_import_root(path)


def test_link_out_of_the_import_folder_is_refused(settings: Settings, tmp_path: Path) -> None:
    making.write_zip(tmp_path / "secret.zip", making.folders())
    (settings.PROPIS_IMPORT_ROOT / "link.zip").symlink_to(tmp_path / "secret.zip")

    with pytest.raises(ArchiveError, match="inside the import folder"):
        uploads.under_import_root("link.zip")


def test_missing_file_in_the_import_folder_is_named() -> None:
    with pytest.raises(ArchiveError, match=r"nothing at none\.zip"):
        uploads.under_import_root("none.zip")


def test_uploads_that_nobody_needs_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    needed, orphan = uploaded(b"1"), uploaded(b"2")
    queued(needed, Origin.UPLOAD)
    monkeypatch.setattr(uploads, "OLD_SECONDS", -1)

    uploads.forget_old()

    assert needed.exists()
    assert not orphan.parent.exists()


def test_deleting_an_import_forgets_its_upload() -> None:
    path = uploaded(b"1")
    queued(path, Origin.UPLOAD)

    DatasetImport.objects.all().delete()

    assert not path.exists()


def test_upload_with_a_very_long_name_is_kept() -> None:
    path = uploads.keep(SimpleUploadedFile("Ж" * 250 + ".zip", b"data"))

    assert path.read_bytes() == b"data"
    assert path.suffix == ".zip"
