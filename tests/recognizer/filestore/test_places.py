"""What one machine keeps, another has; what is away is waited for; what is deleted is gone everywhere."""

import os
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings as product_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import RequestFactory
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from hwrsite.errors import RefusalMiddleware
from keeping import store_strays
from keeping.doctor import surroundings
from recognizer import loading, services
from recognizer.filestore import cache, places
from recognizer.filestore.choice import chosen_store
from recognizer.filestore.errors import StoreAwayError
from recognizer.filestore.objects import StoredObjects, store
from recognizer.filestore.patience import patient
from recognizer.models import ModelOrigin
from tests.faults.s3_server import S3Server
from tests.recognizer.conftest import make_card, make_network
from tests.recognizer.filestore.conftest import Move
from training.jobs import files
from training.jobs.models import Deployment

pytestmark = [pytest.mark.services, pytest.mark.processor_seconds(300)]


def written(path: Path, content: bytes = b"content") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def objects() -> StoredObjects:
    found = store()
    assert isinstance(found, StoredObjects)
    return found


def keys(start: str = "") -> list[str]:
    return sorted(each.key for each in objects().below(start))


def test_what_one_machine_keeps_another_has_until_it_is_deleted(s3: S3Server, move: Move) -> None:
    one = move("one")
    for name in ("datasets/1/index.npz", "datasets/1/pictures.bin", "datasets/10/index.npz", "models/a.npz"):
        places.keep(written(one / name, name.encode()))
    two = move("two")
    assert places.here(two / "datasets/1/index.npz").read_bytes() == b"datasets/1/index.npz"
    assert [path.name for path in places.files_in(two / "datasets/1")] == ["index.npz", "pictures.bin"]
    assert not places.here(two / "datasets/1/other.npz").exists()
    places.forget_folder(two / "datasets/1")
    places.forget(two / "models/a.npz")
    assert keys() == ["datasets/10/index.npz"]
    assert not (two / "datasets/1").exists()


def test_a_file_is_as_it_was_put_there_or_not_here_at_all(s3: S3Server, move: Move) -> None:
    one = move("one")
    large = os.urandom(9 * 2**20)  # in several parts
    places.keep(written(one / "models/large.npz", large))
    objects()._storage.bucket.Object(objects()._storage._place("models/altered.npz")).put(
        Body=b"other", Metadata={"sha256": "0" * 64}
    )
    two = move("two")
    assert places.here(two / "models/large.npz").read_bytes() == large
    with pytest.raises(StoreAwayError, match="other bytes"):
        places.here(two / "models/altered.npz")
    assert [path.name for path in (two / "models").iterdir()] == ["large.npz"]
    written(two / "models/large.npz", b"spoilt")
    assert places.fetch(two / "models/large.npz")
    assert (two / "models/large.npz").read_bytes() == large


def test_room_is_made_of_what_was_used_longest_ago(s3: S3Server, move: Move, settings: Settings) -> None:
    one = move("one")
    names = ("kept", "older", "new", "not in the store")
    paths = {name: written(one / f"models/{name}.npz", bytes(100)) for name in names}
    for name in ("kept", "older", "new"):
        places.keep(paths[name])
    for age, path in enumerate(reversed(paths.values())):
        then = time.time() - 10_000 + 1_000 * age
        os.utime(path, (then, then))
    places.here(paths["older"])  # it is used now
    settings.CACHE_BYTES = 250
    assert cache.make_room(objects()) == 200
    left = sorted(path.stem for path in (one / "models").iterdir())
    assert left == ["not in the store", "older"], "what is in use stays, and what nobody else has"
    assert places.here(paths["new"]).read_bytes() == bytes(100)


def test_a_store_that_is_away_is_waited_for_by_jobs_alone(s3: S3Server, move: Move) -> None:
    path = written(move("one") / "models/a.npz")
    s3.kill()
    with pytest.raises(StoreAwayError):
        places.keep(path)
    assert "store" in {each.name for each in surroundings.problems()}
    places.forget(written(path.with_name("b.npz")))  # a deletion is made up for later
    said: list[str] = []
    again = threading.Thread(target=s3.start)

    def wait(error: StoreAwayError) -> None:
        if not said:
            again.start()
        said.append(str(error))

    try:
        with patient(wait):
            places.keep(path)
    finally:
        again.join()
    assert "Could not connect" in said[0]
    assert keys("models/") == ["models/a.npz"]


def test_who_waits_can_be_stopped(s3: S3Server, move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    class StopError(Exception):
        pass

    def stop(_error: StoreAwayError) -> None:
        raise StopError

    path = written(move("one") / "models/a.npz")
    monkeypatch.setattr(objects()._storage, "save", lambda *_: (_ for _ in ()).throw(StoreAwayError("away")))
    with patient(stop), pytest.raises(StopError):
        places.keep(path)


@pytest.mark.django_db
def test_a_model_is_read_everywhere_and_deleted_everywhere(
    s3: S3Server, move: Move, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    move("one")
    model = services.add_model(network := make_network(), make_card(network), source=ModelOrigin.TRAINED)
    two = move("two")
    assert loading.load_stored(model).network.weights_sha256() == model.weights_sha256
    assert loading.file_named(model.file_sha256) == two / "models" / f"{model.file_sha256}.npz"
    move("three")
    with django_capture_on_commit_callbacks(execute=True):
        services.remove(model)
    assert keys() == []
    assert loading.file_named(model.file_sha256) is None


@pytest.mark.django_db
def test_the_clock_deletes_what_has_no_row(s3: S3Server, move: Move, settings: Settings) -> None:
    one = move("one")
    model = services.add_model(network := make_network(), make_card(network), source=ModelOrigin.TRAINED)
    for name in ("identity", "models/gone.npz", "datasets/7/index.npz", "checkpoints/7/epoch-000001.npz"):
        places.keep(written(one / name))
    assert store_strays.remove() == 0, "they are not old"
    settings.LEFTOVERS_SECONDS = -3600
    assert store_strays.remove() == 3
    assert keys() == ["identity", f"models/{model.file_sha256}.npz"]


@pytest.mark.django_db
def test_a_new_machine_takes_the_identity_from_the_store(
    s3: S3Server, move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")
    Deployment.objects.all().delete()
    one = move("one")
    files.give_identity()
    two = move("two")
    assert files.are_here()
    assert (two / "identity").read_text() == (one / "identity").read_text()
    written(two / "identity", b"of another database")
    assert not files.are_here()


def test_a_page_whose_file_cannot_be_fetched_says_so() -> None:
    refusals = RefusalMiddleware(lambda _request: None)  # type: ignore[arg-type,return-value]
    answer = refusals.process_exception(RequestFactory().get("/api/recognize"), StoreAwayError("away"))
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("address", ["/srv/files", "s3://", "https://bucket", "s3://key:secret@bucket", "s3://b?x=1"])
def test_an_address_of_no_store_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="must be like s3://bucket/prefix"):
        chosen_store(address)


def test_without_a_store_nothing_is_asked(tmp_path: Path) -> None:
    assert "files" not in product_settings.STORAGES
    assert store() is None
    missing = tmp_path / "models/a.npz"
    assert places.here(missing) == missing
    places.keep(missing)
    places.drop_copy(written(missing))
    assert missing.exists()
    assert [*places.files_in(tmp_path / "models")] == [missing]
    assert not places.fetch(missing)
    places.forget(missing)
    assert not missing.exists()
