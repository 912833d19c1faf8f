"""A stored model scored on a data set, as a job."""

from django.utils.translation import gettext as _

from recognizer import catalog
from recognizer.catalog import CatalogError
from training.core.evaluation import evaluate
from training.core.samples import SamplesError
from training.datasets.splitting import Split
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.working import JobFailedError, Lease
from training.runs.data import load_split
from training.runs.models import Evaluation


def execute(job: Evaluation, lease: Lease) -> None:
    """Score the job's model on its part of the data set.

    Raises:
        JobFailedError: the model or the data set cannot be used, or their letters differ.
        LostClaimError: another attempt has it.

    """
    try:
        model = catalog.load_stored(job.model)
        _check_letters(job, model.letters)
        samples = load_split(job.dataset, Split[job.part.upper()], model.card.ink_specification)
        lease.check()
        result = evaluate(model.network, samples.inputs, samples.labels)
    except (CatalogError, SamplesError) as error:
        raise JobFailedError(str(error)) from error
    lifecycle.finish(
        job,
        State.SUCCEEDED,
        images=result.images,
        accuracy=result.accuracy,
        top5=result.top5,
        confusion=result.confusion.tolist(),
    )


def _check_letters(job: Evaluation, letters: str) -> None:
    if job.dataset.letters != letters:
        raise JobFailedError(
            _("The model reads %(letters)s, the data set has %(others)s.")
            % {"letters": letters, "others": job.dataset.letters}
        )
