"""A stored model scored on a data set, as a job."""

import pytest

from recognizer import loading
from recognizer.models import StoredModel
from tests.training.runs.conftest import MakeDataset
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker.work_loop import work_next
from training.runs.models import Evaluation, SplitKey
from training.runs.worker import evaluation

pytestmark = pytest.mark.django_db(transaction=True)
NOTHING_TO_READ = "The test split of “four” has no picture of a letter that the model knows."


def score(model: StoredModel, dataset: Dataset, split: str = "test") -> Evaluation:
    """Queue an evaluation, do it, and return its row."""
    job = lifecycle.enqueue(Evaluation(model=model, dataset=dataset, split=split))
    assert work_next(Evaluation, evaluation.execute)
    return Evaluation.objects.get(pk=job.pk)


@pytest.mark.parametrize(("split", "images"), [("train", 80), ("validation", 24), ("test", 24)])
def test_a_split_is_scored(stored: StoredModel, make_dataset: MakeDataset, split: str, images: int) -> None:
    job = score(stored, make_dataset(), split)
    assert (job.state, job.error, job.images) == (State.SUCCEEDED, "", images)
    assert job.accuracy is not None
    assert job.top5 == 1  # there are four letters
    assert job.confusion is not None
    hits = sum(row[number] for number, row in enumerate(job.confusion))
    assert hits / images == pytest.approx(job.accuracy)


def test_every_split_of_a_data_set_can_be_chosen() -> None:
    assert {split.key for split in Split} == set(SplitKey.values)


def test_other_letters_are_refused_with_a_reason(stored: StoredModel, make_dataset: MakeDataset) -> None:
    job = score(stored, make_dataset(letters="ABCD"))
    assert (job.state, job.error) == (State.FAILED, NOTHING_TO_READ)


def test_an_empty_split_is_refused_with_a_reason(stored: StoredModel, make_dataset: MakeDataset) -> None:
    job = score(stored, make_dataset(sizes={Split.TRAIN: 80, Split.VALIDATION: 24, Split.TEST: 0}))
    assert (job.state, job.error) == (State.FAILED, NOTHING_TO_READ)


def test_a_model_whose_file_is_gone_is_refused_with_a_reason(stored: StoredModel, make_dataset: MakeDataset) -> None:
    loading.file_of(stored).unlink()
    job = score(stored, make_dataset())
    assert job.state == State.FAILED
    assert job.error.startswith("The file of model “chance” cannot be used: ")
