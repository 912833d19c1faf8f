"""A stored model scored on a data set, as a job."""

from recognizer import loading
from recognizer.loading import CatalogueError
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.scoring import evaluate_dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker.work_loop import JobFailedError, Lease
from training.runs.models import Evaluation


def execute(job: Evaluation, lease: Lease) -> None:
    """Score the job's model on its split of the data set.

    Raises:
        JobFailedError: the model or the data set cannot be used, or they have no letter in common.
        LostClaimError: another attempt has it.

    """
    try:
        model = loading.load_stored(job.model)
        lease.check()
        result = evaluate_dataset(job.dataset, model, split=Split[job.split.upper()])
    except (CatalogueError, DatasetError) as error:
        raise JobFailedError(str(error)) from error
    lifecycle.finish(
        job,
        State.SUCCEEDED,
        images=result.images,
        accuracy=result.accuracy,
        top5=result.top5,
        confusion=result.confusion.tolist(),
    )
