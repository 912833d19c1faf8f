"""A compression as a job: a new model with its parent, or one clear sentence and nothing."""

import pytest

from recognizer import loading, services
from recognizer.core.model_card import ModelCard
from recognizer.core.precision import in_floats, to_precision
from recognizer.models import ModelOrigin, StoredModel
from tests.training.devices.conftest import MakeDataset, MakeModel, make_network
from training.datasets.content.splitting import Split
from training.datasets.scoring import score_dataset
from training.devices import compression, tasks
from training.devices.models import Compression
from training.devices.services import CompressionError, new_compression
from training.jobs import lifecycle
from training.jobs.models import Job, State
from training.jobs.worker.work_loop import work, worker_name

pytestmark = pytest.mark.django_db(transaction=True)


def compress(model: StoredModel) -> Compression:
    """Queue and do a compression."""
    job = lifecycle.enqueue(Compression(model=model, precision="fp16"))
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
    assert stored.card["accuracy"] == {"here": score.accuracy}
    assert other.name not in stored.card["accuracy"]


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
