"""Concluding a run: it is scored, and its model, scores and state are written in one transaction."""

from collections.abc import Callable
from typing import Any

import numpy as np
from django.db import transaction

from recognizer import services as catalog
from recognizer.core.doubt import Doubt
from recognizer.core.ink import specification
from recognizer.core.network import Network
from recognizer.loading import CatalogueError
from recognizer.messages import gettext as _
from recognizer.models import ModelOrigin, StoredModel
from training.core.evaluation import ClassificationResult, evaluate
from training.core.samples import Samples
from training.datasets import doubt as doubts
from training.datasets.content.splitting import Split
from training.jobs.models import State
from training.runs import services
from training.runs.models import Run, RunDataset
from training.runs.worker import artifacts, checkpoints
from training.runs.worker.card import make_card
from training.runs.worker.samples import LoadedSource, counted_in_metrics, joined, load, load_split

Tests = list[tuple[LoadedSource, Samples]]
"""The test splits that are not empty, as pictures that inputs are made of, each with its data set."""


class PublishError(ValueError):
    """A trial whose network cannot be put in the catalogue; the message says why."""


def conclude(run: Run, network: Network, sources: list[LoadedSource], check: Callable[[], None] = lambda: None) -> None:
    """Score the network, put it in the catalogue and end the run; a trial is only scored on validation.

    Args:
        run: of the network.
        network: as it was trained.
        sources: the run's data sets.
        check: called between steps; may raise.

    Raises:
        LostClaimError: the run is not ours any more; nothing was written.

    """
    tests = [] if run.is_trial else _load_tests(sources, run.recipe.ink_specification)
    rows = _score(run, sources, network, tests, check)
    doubt = Doubt() if run.is_trial else measure_doubt(run, network, sources, check)
    check()
    if tests:
        _write_artifacts(run, network, tests, doubt)
    check()
    figures = _figures(rows) | {"validation_accuracy": _validation_accuracy(sources)}
    with transaction.atomic():
        stored = None if run.is_trial else _add_model(run, network, sources, doubt)
        services.complete_run(run, rows, stored_model=stored, weights_sha256=network.weights_sha256(), **figures)


def publish(run: Run) -> StoredModel:
    """Put the network of a finished trial in the catalogue, scored on the test splits.

    Raises:
        PublishError: it is not a finished trial, its checkpoint is gone, or another process published it meanwhile.
        JobFailedError: a data set is gone or has changed.

    """
    if run.stored_model is not None:
        return run.stored_model
    state = checkpoints.load_latest(run) if run.state == State.SUCCEEDED else None
    if state is None:
        raise PublishError(_("Run %(run)d has no network to put in the catalogue.") % {"run": run.pk})
    sources = load(run, lambda: None)
    tests = _load_tests(sources, run.recipe.ink_specification)
    rows = _score(run, sources, state.network(), tests)
    doubt = measure_doubt(run, state.network(), sources)
    _write_artifacts(run, state.network(), tests, doubt)
    try:
        with transaction.atomic():
            stored = _add_model(run, state.network(), sources, doubt)
            services.attach_model(run, rows, stored, **_figures(rows))
    except CatalogueError as error:
        raise PublishError(str(error)) from error
    return stored


def measure_doubt(
    run: Run, network: Network, sources: list[LoadedSource], check: Callable[[], None] = lambda: None
) -> Doubt:
    """Fit the network's doubt on the data sets that count in the run's figures."""
    counted = counted_in_metrics(sources)
    training = joined([source.training for source in counted])
    validation = joined([source.validation for source in counted])
    return doubts.measure(
        network, specification(run.recipe.ink_specification), run.letters, training, validation, check
    )


def _write_artifacts(run: Run, network: Network, tests: Tests, doubt: Doubt) -> None:
    counted = [(source.row.name, samples) for source, samples in tests if source.row.counts_in_metrics]
    artifacts.write(run, network, counted, doubt)


def _load_tests(sources: list[LoadedSource], ink_specification: str) -> Tests:
    """Load the test splits that are not empty."""
    pictures = specification(ink_specification).pictures.name
    loaded = [(source, load_split(source.dataset, Split.TEST, pictures)) for source in sources]
    return [(source, samples) for source, samples in loaded if len(samples)]


def _score(
    run: Run,
    sources: list[LoadedSource],
    network: Network,
    tests: Tests,
    check: Callable[[], None] = lambda: None,
) -> list[RunDataset]:
    """Score the network on each data set into its row, which is not saved yet."""
    for source in sources:
        check()
        validation = evaluate(network, source.validation.inputs, source.validation.labels)
        source.row.validation_accuracy = validation.accuracy
    ink = specification(run.recipe.ink_specification)
    for source, pictures in tests:
        check()
        _set_test_scores(source.row, evaluate(network, ink.of_pictures(pictures.inputs), pictures.labels))
    return [source.row for source in sources]


def _set_test_scores(row: RunDataset, test: ClassificationResult) -> None:
    row.test_images, row.test_accuracy, row.test_top5 = test.images, test.accuracy, test.top5
    row.confusion = test.confusion.tolist()


def _figures(rows: list[RunDataset]) -> dict[str, Any]:
    """Test accuracy over the images of all data sets that count; None where no test split of them was scored."""
    matrices = [np.array(row.confusion) for row in rows if row.counts_in_metrics and row.confusion]
    if not matrices:
        return {"test_accuracy": None}
    return {"test_accuracy": float(sum(map(np.trace, matrices)) / sum(matrix.sum() for matrix in matrices))}


def _validation_accuracy(sources: list[LoadedSource]) -> float:
    """Validation accuracy over the images of all data sets that count, of the network as it is stored."""
    counted = counted_in_metrics(sources)
    right = sum((source.row.validation_accuracy or 0.0) * len(source.validation) for source in counted)
    return right / sum(len(source.validation) for source in counted)


def _add_model(run: Run, network: Network, sources: list[LoadedSource], doubt: Doubt) -> StoredModel:
    return catalog.add_model(network, make_card(run, network, sources, doubt), source=ModelOrigin.TRAINED)
