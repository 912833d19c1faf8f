"""The end of a run: scores, the model with its card, and `succeeded`, in one transaction."""

from typing import Any

import numpy as np
import scipy
from django.db import transaction
from django.utils.translation import gettext as _

from recognizer import catalog
from recognizer.catalog import CatalogError
from recognizer.core.model_card import library_versions
from recognizer.core.model_file import ModelCard
from recognizer.core.network import Network
from recognizer.models import Source as Origin
from recognizer.models import StoredModel
from training.core.evaluation import Evaluation, evaluate
from training.core.pruning import sparsity_of
from training.core.samples import Samples
from training.datasets.splitting import Split
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs import checkpoints, leavings
from training.runs.data import Source, judged, load, load_split
from training.runs.models import Run, RunDataset


class PublishError(ValueError):
    """A trial whose network cannot be put in the catalogue; the message says why."""


def conclude(run: Run, network: Network, sources: list[Source]) -> None:
    """Score the network, put it in the catalogue and end the run; a trial is only scored on validation.

    Raises:
        LostClaimError: the run is not ours any more; nothing was written.

    """
    tests = [] if run.is_trial else _tests(sources, run.recipe.ink_specification)
    rows = _scored(sources, network, tests)
    if tests:
        _leave(run, network, tests)
    figures = _figures(rows) | {"validation_accuracy": _validation_accuracy(sources)}
    with transaction.atomic():
        stored = None if run.is_trial else _add_model(run, network, sources)
        _save(rows)
        lifecycle.finish(run, State.SUCCEEDED, stored_model=stored, weights_sha256=network.weights_sha256(), **figures)


def publish(run: Run) -> StoredModel:
    """Put the network of a finished trial in the catalogue, scored on the test splits.

    Raises:
        PublishError: it is no finished trial, its checkpoint is gone, or somebody else has just done so.
        JobFailedError: a data set is gone or has changed.

    """
    if run.stored_model is not None:
        return run.stored_model
    state = checkpoints.load_latest(run) if run.state == State.SUCCEEDED else None
    if state is None:
        raise PublishError(_("Run %(run)d has no network to put in the catalogue.") % {"run": run.pk})
    sources = load(run, lambda: None)
    tests = _tests(sources, run.recipe.ink_specification)
    rows = _scored(sources, state.network(), tests)
    _leave(run, state.network(), tests)
    try:
        with transaction.atomic():
            stored = _add_model(run, state.network(), sources)
            _save(rows)
            Run.objects.filter(pk=run.pk).update(stored_model=stored, **_figures(rows))
    except CatalogError as error:
        raise PublishError(str(error)) from error
    return stored


def _leave(run: Run, network: Network, tests: list[tuple[Source, Samples]]) -> None:
    leavings.write(run, network, [(source.row.name, samples) for source, samples in tests if source.row.is_judged])


def _tests(sources: list[Source], ink_specification: str) -> list[tuple[Source, Samples]]:
    """Load the test splits that are not empty."""
    loaded = [(source, load_split(source.dataset, Split.TEST, ink_specification)) for source in sources]
    return [(source, samples) for source, samples in loaded if len(samples)]


def _scored(sources: list[Source], network: Network, tests: list[tuple[Source, Samples]]) -> list[RunDataset]:
    """Score the network on each data set into its row, which is not saved yet."""
    for source in sources:
        validation = evaluate(network, source.validation.inputs, source.validation.labels)
        source.row.validation_accuracy = validation.accuracy
    for source, samples in tests:
        _put(source.row, evaluate(network, samples.inputs, samples.labels))
    return [source.row for source in sources]


def _put(row: RunDataset, test: Evaluation) -> None:
    row.test_images, row.test_accuracy, row.test_top5 = test.images, test.accuracy, test.top5
    row.confusion = test.confusion.tolist()


def _save(rows: list[RunDataset]) -> None:
    fields = ["validation_accuracy", "test_images", "test_accuracy", "test_top5", "confusion"]
    RunDataset.objects.bulk_update(rows, fields)


def _figures(rows: list[RunDataset]) -> dict[str, Any]:
    """Test accuracy over the images of all data sets that count; None where no test split of them was scored."""
    matrices = [np.array(row.confusion) for row in rows if row.is_judged and row.confusion]
    if not matrices:
        return {"test_accuracy": None}
    return {"test_accuracy": float(sum(map(np.trace, matrices)) / sum(matrix.sum() for matrix in matrices))}


def _validation_accuracy(sources: list[Source]) -> float:
    """Over the images of all data sets that count, of the network that serves."""
    counted = judged(sources)
    right = sum((source.row.validation_accuracy or 0.0) * len(source.validation) for source in counted)
    return right / sum(len(source.validation) for source in counted)


def _add_model(run: Run, network: Network, sources: list[Source]) -> StoredModel:
    return catalog.add_model(network, make_card(run, network, sources), source=Origin.TRAINED)


def make_card(run: Run, network: Network, sources: list[Source]) -> ModelCard:
    """Describe the network of a run. Nothing in it depends on the attempt, so that each writes the same file."""
    rows = [source.row for source in sources]
    return ModelCard.of(
        network,
        name=run.name,
        ink_specification=run.recipe.ink_specification,
        letters=run.letters,
        created=run.created_at.isoformat(timespec="seconds"),
        seed=run.seed,
        data_sets={source.row.name: _describe(source) for source in sources},
        recipe={
            "run": run.pk,
            "preset": run.preset,
            "epochs_done": run.epoch,
            **run.hyperparameters,
            **_made(run, network),
        },
        accuracy={row.name: row.test_accuracy for row in rows if row.test_accuracy is not None},
        versions=library_versions() | {"scipy": scipy.__version__},
        licence="; ".join(sorted({source.dataset.licence for source in sources if source.dataset.licence})),
        credits=tuple(sorted({source.dataset.source for source in sources if source.dataset.source})),
    )


def _made(run: Run, network: Network) -> dict[str, Any]:
    """What a card says beyond the hyperparameters: who taught, and the share of weights that pruning made 0."""
    teachers = [{"name": row.name, "weights_sha256": row.weights_sha256} for row in run.teachers.all()]
    told: dict[str, Any] = {"teachers": teachers} if teachers else {}
    if run.recipe.sparsity:
        told["zero_weights"] = round(sparsity_of(network.weights), 4)
    return told


def _describe(source: Source) -> dict[str, Any]:
    dataset = source.dataset
    return {
        "content_sha256": dataset.content_sha256,
        "archive": dataset.archive_name,
        "seed": dataset.seed,
        "licence": dataset.licence,
        "source": dataset.source,
        "train": dataset.size(Split.TRAIN),
        "validation": dataset.size(Split.VALIDATION),
        "test": dataset.size(Split.TEST),
        **({"lineage": dataset.lineage} if dataset.lineage else {}),
    }
