"""A compression as a job: a new model with its parent, or one clear sentence and nothing."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from recognizer import loading, services
from recognizer.core import model_file
from recognizer.core.doubt import Doubt
from recognizer.core.model_card import ModelCard
from recognizer.core.precision import in_floats, to_precision
from recognizer.models import ModelOrigin, StoredModel
from tests.training.devices.conftest import MakeDataset, MakeModel, make_network
from training.datasets import doubt as doubts
from training.datasets.content.splitting import Split
from training.datasets.scoring import score_dataset
from training.devices import compression, tasks
from training.devices.models import Compression
from training.devices.services import CompressionError, new_compression
from training.jobs import lifecycle
from training.jobs.models import Job, State
from training.jobs.worker.work_loop import work, worker_name

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def few_letters_of_our_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three of each, made anew."""
    monkeypatch.setattr(doubts, "PER_LETTER", 3)
    doubts.synthetic_letters.cache_clear()
    yield
    doubts.synthetic_letters.cache_clear()


def compress(model: StoredModel, precision: str = "fp16") -> Compression:
    """Queue and do a compression."""
    job = lifecycle.enqueue(Compression(model=model, precision=precision))
    tasks.compress_next()
    job.refresh_from_db()
    return job


def test_half_the_size_and_the_rounded_weights(make_model: MakeModel) -> None:
    model = make_model(hidden=64)
    job = compress(model)
    assert job.state == State.SUCCEEDED
    stored = job.result
    assert stored is not None
    assert (stored.parent, stored.source, stored.precision) == (model, ModelOrigin.COMPRESSED, "fp16")
    assert stored.name == "random fp16"
    assert stored.file_bytes < 0.55 * model.file_bytes
    rounded = to_precision(in_floats(loading.load_stored(model).network), "fp16")
    assert stored.weights_sha256 == rounded.weights_sha256()
    assert stored.card["accuracy"] == {}, "no data set of its card is here"
    assert stored.card["parent"] == model.file_sha256
    assert not stored.is_active


def test_accuracy_is_measured_in_the_new_precision(make_dataset: MakeDataset) -> None:
    here, other = make_dataset("here"), make_dataset("other")
    network = make_network()
    data_sets = {
        "here": {"content_sha256": here.content_sha256},
        "other": {"content_sha256": "of another import"},
        "gone": {"content_sha256": "0" * 64},
    }
    card = ModelCard.of(network, name="trained", ink_specification="moments-1", data_sets=data_sets)
    stored = compress(services.add_model(network, card, source=ModelOrigin.TRAINED)).result
    assert stored is not None
    score = score_dataset(here, loading.load_stored(stored), split=Split.TEST)
    assert stored.card["accuracy"] == {"here": round(score.accuracy, 4)}
    assert other.name not in stored.card["accuracy"]


def test_whole_numbers_are_calibrated_on_training_pictures(make_dataset: MakeDataset) -> None:
    dataset = make_dataset("here")
    network = make_network(hidden=40)
    data_sets = {"here": {"content_sha256": dataset.content_sha256}}
    card = ModelCard.of(network, name="trained", ink_specification="moments-1", data_sets=data_sets)
    model = services.add_model(network, card, source=ModelOrigin.TRAINED)
    for precision, largest in [("int8", 0.3), ("int4", 0.2), ("int8-weights", 0.3), ("int2", 0.15)]:
        stored = compress(model, precision).result
        assert stored is not None
        assert (stored.name, stored.precision, stored.parent) == (f"trained {precision}", precision, model)
        assert stored.file_bytes < largest * model.file_bytes
        loaded = loading.load_stored(stored)
        assert stored.card["accuracy"] == {"here": round(score_dataset(dataset, loaded, split=Split.TEST).accuracy, 4)}
        assert stored.card["recipe"]["doubt"]["temperature"] == loaded.doubt.temperature
        with pytest.raises(CompressionError, match=rf"{precision} already"):
            new_compression(stored, "int8")


def test_a_data_set_of_a_class_does_not_stand_in_the_way(make_dataset: MakeDataset, make_model: MakeModel) -> None:
    make_dataset("a class", each=1)
    assert compress(make_model(hidden=40), "int8").state == State.SUCCEEDED


def test_epochs_train_the_network_in_its_whole_numbers(make_dataset: MakeDataset) -> None:
    make_dataset("here", each=10)
    network = make_network(hidden=40)
    card = ModelCard.of(network, name="trained", ink_specification="moments-1", recipe={"seed": 3, "run": 7})
    model = services.add_model(network, card, source=ModelOrigin.TRAINED)
    job = lifecycle.enqueue(new_compression(model, "int2", epochs=2))
    tasks.compress_next()
    job.refresh_from_db()
    assert (job.state, job.error) == (State.SUCCEEDED, "")
    assert job.result is not None
    assert loading.load_stored(job.result).card.precision == "int2"


def test_whole_neurons_go_and_the_file_is_really_smaller(make_dataset: MakeDataset) -> None:
    make_dataset("here", each=10)
    network = make_network(hidden=40)
    card = ModelCard.of(network, name="trained", ink_specification="moments-1", recipe={"seed": 3, "run": 7})
    card = card.with_doubt(Doubt(1.5, -2.0, ("dot",), np.ones((1, 40)), np.zeros(1)))
    model = services.add_model(network, card, source=ModelOrigin.TRAINED)
    made = {}
    for percent in (0, 50):
        job = lifecycle.enqueue(new_compression(model, "int8", epochs=1, neurons=percent))
        tasks.compress_next()
        job.refresh_from_db()
        assert (job.state, job.error) == (State.SUCCEEDED, "")
        assert job.result is not None
        made[percent] = job.result
    whole, half = made[0], made[50]
    assert (half.name, half.sizes, half.parent) == ("trained int8 less 50%", [784, 20, 33], model)
    assert half.file_bytes < 0.55 * whole.file_bytes
    loaded = loading.load_stored(half)
    assert loaded.network.sizes == (784, 20, 33)
    assert loaded.doubt.hidden in (None, 20)
    with pytest.raises(CompressionError, match="trained int8 less 50%"):
        new_compression(model, "int8", neurons=50)


def test_neurons_that_make_no_sense(model: StoredModel) -> None:
    with pytest.raises(CompressionError, match="fp16 rounds a network as it is"):
        new_compression(model, "fp16", neurons=50)
    with pytest.raises(CompressionError, match="0 to 90 % of the neurons"):
        new_compression(model, "int8", neurons=91)
    with pytest.raises(CompressionError, match="less than one neuron"):
        new_compression(model, "int8", neurons=5)  # of 8 neurons


def test_epochs_that_make_no_sense(model: StoredModel, few_letters_of_our_own: None) -> None:
    with pytest.raises(CompressionError, match="fp16 rounds a network"):
        new_compression(model, "fp16", epochs=1)
    with pytest.raises(CompressionError, match="0 to 500 epochs"):
        new_compression(model, "int4", epochs=501)
    job = lifecycle.enqueue(new_compression(model, "int4", epochs=1))
    tasks.compress_next()
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "needs a data set of its letters" in job.error


def test_without_a_data_set_letters_of_our_own_serve(make_model: MakeModel, few_letters_of_our_own: None) -> None:
    model = make_model(hidden=40)
    stored = compress(model, "int8").result
    assert stored is not None
    inputs = np.random.default_rng(1).integers(0, 256, (50, 784), dtype=np.uint8)
    ours, theirs = (loading.load_stored(each).network.read(inputs) for each in (stored, model))
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.9
    assert stored.accuracy == {}


def test_nothing_to_calibrate_on() -> None:
    network = make_network(hidden=40)
    letters = "".join(map(chr, [*range(0x400, 0x410), *range(0x450, 0x461)]))
    card = ModelCard.of(network, name="others", ink_specification="moments-1", letters=letters)
    job = compress(services.add_model(network, card, source=ModelOrigin.UPLOADED), "int4")
    assert job.state == State.FAILED
    assert "No data set of the letters that “others” reads is here" in job.error
    assert StoredModel.objects.count() == 1


def test_an_uploaded_file_finds_its_parent(model: StoredModel) -> None:
    child = compress(model).result
    assert child is not None
    data = loading.file_of(child).read_bytes()
    child.delete()
    assert services.add_file(data, source=ModelOrigin.UPLOADED).parent == model


def test_the_whole_card_is_exported_with_16_bits(model: StoredModel, tmp_path: Path) -> None:
    child = compress(model).result
    assert child is not None
    call_command("export_model", "random fp16", whole_card=True, output=tmp_path / "whole.npz", verbosity=0)
    found = model_file.read(tmp_path / "whole.npz")
    assert found.network.weights_sha256() == child.weights_sha256
    assert (found.card.precision, found.card.parent) == ("fp16", model.file_sha256)
    assert found.card.versions == loading.load_stored(model).card.versions != {}
    with pytest.raises(CommandError, match="no model in 16 bits"):
        call_command("export_model", "random", whole_card=True, output=tmp_path / "none.npz")


def test_once_is_enough(model: StoredModel) -> None:
    stored = compress(model).result
    assert stored is not None
    with pytest.raises(CompressionError, match="random fp16"):
        new_compression(model, "fp16")
    with pytest.raises(CompressionError, match="already"):
        new_compression(stored, "fp16")
    assert compress(model).state == State.FAILED


def test_unknown_precision(model: StoredModel) -> None:
    with pytest.raises(CompressionError, match="int1"):
        new_compression(model, "int1")


def test_weights_that_do_not_fit_into_16_bits(make_model: MakeModel) -> None:
    job = compress(make_model(scale=1e6))
    assert job.state == State.FAILED
    assert "float16" in job.error
    assert StoredModel.objects.count() == 1


def test_a_lost_claim_leaves_no_model(model: StoredModel) -> None:
    def execute(held: Compression, lease: object) -> None:
        take_away(held)
        compression.execute(held, lease)  # type: ignore[arg-type]

    job = lifecycle.create_claimed(new_compression(model, "fp16"), worker=worker_name())
    work(job, execute)
    assert StoredModel.objects.count() == 1


def take_away(job: Job) -> None:
    """Give the job to another attempt."""
    type(job)._default_manager.filter(pk=job.pk).update(attempt=job.attempt + 1)
