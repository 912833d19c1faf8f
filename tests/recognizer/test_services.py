"""The catalogue of models: nothing half-made stays, what fails to load leaves the old network in service."""

import io
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from pytest_django import Settings

from accounts.models import User
from recognizer import active_model, loading, services
from recognizer.core import model_file
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.filestore.errors import StoreAwayError
from recognizer.loading import CatalogueError
from recognizer.models import Activation, ModelOrigin, StoredModel
from tests.product import wait_until
from tests.recognizer.conftest import make_card, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """Folder of all state."""
    settings.PROPIS_VAR = tmp_path
    return tmp_path


def add(seed: int = 0, name: str = "random") -> StoredModel:
    """Put a network in the catalogue."""
    network = make_network(seed)
    return services.add_model(network, make_card(network, name), source=ModelOrigin.TRAINED)


def away(_model: StoredModel) -> Path:
    """What brings a file here while the store is away."""
    raise StoreAwayError("Could not connect")


def files() -> list[str]:
    """What is in the folder of models."""
    return sorted(path.name for path in loading.folder().iterdir())


@pytest.fixture
def hanging_looks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Each look for the model in service hangs until the test is over; those that have begun."""
    let_go, looks = threading.Event(), list[Any]()

    def hang(loaded: Any) -> Any:
        looks.append(loaded)
        assert let_go.wait(60)
        return loaded

    monkeypatch.setattr(active_model, "_seen", hang)
    yield looks
    let_go.set()


class TestAdding:
    """File first, then row; both or none."""

    def test_row_and_file_say_the_same(self, network: Network, card: ModelCard) -> None:
        stored = services.add_model(network, card, source=ModelOrigin.TRAINED)
        assert files() == [f"{stored.file_sha256}.npz"]
        assert (stored.sizes, stored.architecture, stored.parameters) == ([784, 8, 33], "784-8-33", 6577)
        assert stored.weights_sha256 == network.weights_sha256()
        assert stored.file_bytes == loading.file_of(stored).stat().st_size
        loaded = loading.load_stored(stored)
        assert loaded.network.weights_sha256() == network.weights_sha256()
        assert (loaded.card, loaded.ink.name, loaded.name, loaded.pk) == (card, "moments-1", "random", stored.pk)

    def test_a_name_that_is_taken_gets_a_number(self) -> None:
        assert [add(seed).name for seed in range(3)] == ["random", "random 2", "random 3"]

    def test_a_name_that_another_process_takes_meanwhile_is_left_to_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        add(0)
        names = iter(["random", "random 2"])  # the first look was too early to see the other's row
        monkeypatch.setattr(services, "_free_name", lambda wanted: next(names))
        assert add(1).name == "random 2"

    def test_the_same_file_is_not_there_twice(self, network: Network, card: ModelCard) -> None:
        data = model_file.to_bytes(network, card)
        services.add_file(data, source=ModelOrigin.UPLOADED)
        with pytest.raises(CatalogueError, match="in the catalogue already, as “random”"):
            services.add_file(data, source=ModelOrigin.UPLOADED, name="other")
        assert StoredModel.objects.count() == len(files()) == 1

    def test_an_error_of_the_database_leaves_no_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_args: object, **_columns: object) -> StoredModel:
            raise RuntimeError("the database is gone")

        monkeypatch.setattr(StoredModel.objects, "create", refuse)
        with pytest.raises(RuntimeError):
            add()
        assert files() == []

    def test_a_full_disk_leaves_neither_file_nor_row(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(OSError, match="No space left"):
            add()
        assert files() == []
        assert StoredModel.objects.count() == 0


def pickled() -> bytes:
    """A file that would run code if it were unpickled."""
    buffer = io.BytesIO()
    np.savez(buffer, weights=np.array([print], dtype=object))
    return buffer.getvalue()


def with_nan(network: Network, card: ModelCard) -> bytes:
    """A model file in which one weight is not a number (its first float is overwritten)."""
    data = bytearray(model_file.to_bytes(network, card))
    place = data.index(network.weights[0].tobytes())
    data[place : place + 4] = np.array([np.nan], "<f4").tobytes()
    return bytes(data)


@pytest.mark.parametrize("what", ["empty", "text", "truncated", "pickled", "not a number"])
def test_a_bad_file_is_one_sentence_and_leaves_nothing(network: Network, card: ModelCard, what: str) -> None:
    whole = model_file.to_bytes(network, card)
    data = {
        "empty": b"",
        "text": b"not a model",
        "truncated": whole[: len(whole) // 2],
        "pickled": pickled(),
        "not a number": with_nan(network, card),
    }[what]
    with pytest.raises(CatalogueError) as caught:
        services.add_file(data, source=ModelOrigin.UPLOADED)
    assert str(caught.value).count("\n") == 0
    assert str(caught.value).endswith(".")
    assert files() == []
    assert StoredModel.objects.count() == 0


class TestInService:
    """At most one model is in service, and every process follows within about a second."""

    def test_without_a_choice_the_shipped_one_serves(self) -> None:
        assert active_model.get().name == loading.SHIPPED_DEFAULT
        assert active_model.get().pk is None

    def test_a_switch_is_seen_at_once_in_its_own_process(self) -> None:
        first, second = add(0, "first"), add(1, "second")
        services.activate(first)
        assert active_model.get().name == "first"
        services.activate(second)
        assert active_model.get().name == "second"
        assert list(StoredModel.objects.filter(is_active=True)) == [second]

    @pytest.mark.parametrize(
        ("letters", "size", "words"), [("А", 0.1, "knows one letter only"), ("АБ", 1e30, "with probabilities")]
    )
    def test_a_model_that_cannot_read_is_not_put_in_service(self, letters: str, size: float, words: str) -> None:
        good = add(0, "good")
        services.activate(good)
        weights = tuple(np.full(shape, size, np.float32) for shape in [(4, 784), (len(letters), 4)])
        network = Network(weights, (np.zeros(4, np.float32), np.zeros(len(letters), np.float32)), "relu")
        card = ModelCard.of(network, name="bad", ink_specification="moments-1", letters=letters)
        bad = services.add_model(network, card, source=ModelOrigin.UPLOADED)

        with pytest.raises(CatalogueError, match=words):
            services.activate(bad)

        assert active_model.get().name == "good"
        assert list(StoredModel.objects.filter(is_active=True)) == [good]

    def test_a_switch_by_another_process_is_seen_after_a_second(self, monkeypatch: pytest.MonkeyPatch) -> None:
        first, second = add(0, "first"), add(1, "second")
        services.activate(first)
        assert active_model.get().name == "first"
        StoredModel.objects.filter(pk=first.pk).update(is_active=False)
        StoredModel.objects.filter(pk=second.pk).update(is_active=True)
        assert active_model.get().name == "first"
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + active_model.LOOK_SECONDS)
        assert active_model.get().name == "second"

    def test_reading_asks_the_database_once_a_second_at_most(self, django_assert_num_queries: Any) -> None:
        services.activate(add())
        active_model.get()
        with django_assert_num_queries(0):
            for _ in range(100):
                active_model.get()

    def test_the_same_model_is_not_loaded_again(self) -> None:
        stored = add()
        services.activate(stored)
        network = active_model.get().network
        active_model._current.forget()
        StoredModel.objects.filter(pk=stored.pk).update(name="renamed")
        assert active_model.get().network is network
        assert active_model.get().name == "renamed"

    def test_one_that_cannot_be_loaded_is_not_put_in_service(self) -> None:
        good, bad = add(0, "good"), add(1, "bad")
        services.activate(good)
        loading.file_of(bad).write_bytes(b"damaged")
        with pytest.raises(CatalogueError, match="The file of model “bad” cannot be used: its bytes have changed"):
            services.activate(bad)
        assert active_model.get().name == "good"
        assert list(StoredModel.objects.filter(is_active=True)) == [good]

    def test_one_whose_file_is_lost_later_leaves_the_old_network_in_service(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        good, bad = add(0, "good"), add(1, "bad")
        services.activate(good)
        active_model.get()
        StoredModel.objects.filter(pk=good.pk).update(is_active=False)
        StoredModel.objects.filter(pk=bad.pk).update(is_active=True)
        loading.file_of(bad).unlink()
        active_model._current.forget()
        assert active_model.get().name == "good"
        assert "the one in memory stays" in caplog.text
        assert "Traceback" in caplog.text

    def test_one_that_only_the_store_has_is_told_in_a_line_while_it_is_away(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        services.activate(add(0, "mine"))
        monkeypatch.setattr(loading, "file_of", away)
        for _ in range(3):
            active_model.forget()
            assert active_model.get().name == loading.SHIPPED_DEFAULT
        (said,) = [record for record in caplog.records if record.name == active_model.__name__]
        assert (said.levelname, said.exc_info) == ("WARNING", None)
        assert said.getMessage() == (
            "the model in service is in the store of files alone; the shipped one reads: "
            "The file of model “mine” cannot be used: Could not connect"
        )
        monkeypatch.undo()
        active_model.forget()
        assert active_model.get().name == "mine"

    def test_a_command_does_not_read_with_another_one_in_its_place(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        services.activate(add(0, "mine"))
        monkeypatch.setattr(loading, "file_of", away)
        with pytest.raises(CommandError, match=r"^The file of model “mine” cannot be used: Could not connect$"):
            call_command("recognize", str(tmp_path / "letter.png"))

    def test_history_says_who_and_rolling_back_goes_to_the_one_before(self) -> None:
        user = User.objects.create_user("anna")
        first, second = add(0, "first"), add(1, "second")
        services.activate(first)
        services.activate(second, by=user)
        assert [(row.model, row.by) for row in Activation.objects.all()] == [(second, user), (first, None)]
        assert services.roll_back(by=user) == first
        assert active_model.get().name == "first"

    def test_there_may_be_nothing_to_roll_back_to(self) -> None:
        services.activate(add())
        with pytest.raises(CatalogueError, match="No other model was in service before"):
            services.roll_back()


@pytest.mark.django_db(transaction=True)
class TestDatabaseAway:
    """The model in memory serves on, and no reading waits for a database that does not answer."""

    @pytest.fixture(autouse=True)
    def good(self) -> None:
        """A model in service, and in memory."""
        services.activate(add(0, "good"))
        assert active_model.get().name == "good"

    @pytest.mark.parametrize("error", [OperationalError("connection refused"), RuntimeError("nobody foresaw this")])
    def test_it_is_gone(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
    ) -> None:
        def fail(*_args: Any) -> None:
            raise error

        monkeypatch.setattr(active_model, "_seen", fail)
        active_model.forget()
        assert active_model.get().name == "good"
        assert str(error) in caplog.text

    def test_it_is_gone_from_the_beginning(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_args: Any) -> None:
            raise OperationalError("connection refused")

        monkeypatch.setattr(active_model, "_seen", refuse)
        monkeypatch.setattr(active_model, "_current", active_model._Current())
        assert active_model.get().name == loading.SHIPPED_DEFAULT

    def test_it_hangs(self, monkeypatch: pytest.MonkeyPatch, hanging_looks: list[Any]) -> None:
        monkeypatch.setattr(active_model, "WAIT_SECONDS", 0.05)
        for _ in range(5):
            active_model.forget()
            assert active_model.get().name == "good"
        assert len(hanging_looks) == 1, "one look at a time, or each would hold a thread"


@pytest.mark.django_db(transaction=True)
class TestLookingWhileNobodyReads:
    """A process that waits for readings follows too, so that an outage finds the newest model in its memory."""

    @pytest.fixture(autouse=True)
    def often(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two models, the first in service and in memory, and a look every few hundredths of a second."""
        services.activate(add(0, "first"))
        assert active_model.get().name == "first"
        add(1, "second")
        for name in ("LOOK_SECONDS", "IDLE_SECONDS", "WAIT_SECONDS"):
            monkeypatch.setattr(active_model, name, 0.02)

    def test_a_switch_is_in_memory_when_the_database_goes_away(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        with active_model.looking():
            switch()
            wait_until(lambda: loaded() == "second")
            looks: list[None] = []

            def refuse(_loaded: Any) -> None:
                looks.append(None)
                raise OperationalError("connection refused")

            monkeypatch.setattr(active_model, "_seen", refuse)
            wait_until(lambda: len(looks) > 3)
            assert active_model.get().name == "second"
        assert [record.levelname for record in caplog.records].count("WARNING") == 1, "once, not with every look"
        assert "ERROR" not in {record.levelname for record in caplog.records}

    def test_it_ends_with_the_block(self) -> None:
        with active_model.looking():
            pass
        switch()
        assert not [thread for thread in threading.enumerate() if thread.name == "active-model-looking"]
        assert loaded() == "first"

    def test_looks_do_not_pile_up(self, hanging_looks: list[Any]) -> None:
        with active_model.looking():
            wait_until(lambda: bool(hanging_looks))
            time.sleep(0.3)
        assert len(hanging_looks) == 1


def switch() -> None:
    """Put the other model in service, as another process does."""
    StoredModel.objects.filter(name="first").update(is_active=False)
    StoredModel.objects.filter(name="second").update(is_active=True)


def loaded() -> str:
    """Name of the model in memory; nobody looks for that."""
    model = active_model._current._loaded
    assert model is not None
    return model.name


@pytest.mark.django_db(transaction=True)
def test_readers_never_see_no_model_while_it_is_switched() -> None:
    models = [add(0, "first"), add(1, "second")]
    services.activate(models[0])
    seen: set[str] = set()
    errors: list[BaseException] = []
    over = threading.Event()

    def read() -> None:
        try:
            while not over.is_set():
                active_model._current.forget()
                seen.add(active_model.get().name)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(10):
        services.activate(models[number % 2])
    over.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert seen <= {"first", "second"}


class TestRemoving:
    """A model goes with its file, unless it is in service."""

    def test_row_and_file_go(self, django_capture_on_commit_callbacks: Any) -> None:
        stored = add()
        with django_capture_on_commit_callbacks(execute=True):
            services.remove(stored)
        assert files() == []
        assert StoredModel.objects.count() == 0

    def test_the_one_in_service_stays(self) -> None:
        stored = add()
        services.activate(stored)
        with pytest.raises(CatalogueError, match="“random” is in service: put another model in service first"):
            services.remove(stored)
        assert len(files()) == 1


class TestFinding:
    """By name: in the catalogue, or among the shipped ones."""

    def test_the_catalogue_goes_first(self) -> None:
        add(0, loading.SHIPPED_DEFAULT)
        assert loading.find(loading.SHIPPED_DEFAULT).pk is not None

    def test_a_shipped_one_needs_no_row(self) -> None:
        assert loading.find(loading.SHIPPED_DEFAULT).pk is None

    def test_an_unknown_name_is_one_sentence(self) -> None:
        with pytest.raises(CatalogueError, match="No shipped model is named “none”; there are: "):
            loading.find("none")

    def test_shipped_models_are_added_once_and_one_serves(self) -> None:
        names = [model.name for model in services.add_shipped()]
        assert names == loading.shipped_names()
        assert services.add_shipped() == []
        assert active_model.get().name == loading.SHIPPED_DEFAULT

    def test_shipped_models_do_not_push_aside_what_was_chosen(self) -> None:
        services.activate(add(0, "mine"))
        services.add_shipped()
        assert active_model.get().name == "mine"


def test_a_command_puts_a_model_in_service_and_the_one_before_back(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = add(1, "first"), add(2, "second")
    for model in (first, second):
        call_command("put_in_service", model.name)
        assert active_model.get().name == model.name
    call_command("put_in_service", "--back")
    assert active_model.get().name == "first"
    assert capsys.readouterr().out.splitlines()[-1] == "“first” is in service."


@pytest.mark.parametrize(("word", "said"), [("nothing", "no model “nothing”"), ("--back", "No other model")])
def test_what_cannot_be_put_in_service_is_said(word: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("put_in_service", word)
