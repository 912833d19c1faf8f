"""How well a model reads a split of a data set, or an archive as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.core.network import NetworkError
from recognizer.core.precision import AnyNetwork, in_floats, to_precision
from recognizer.loading import LoadedModel
from recognizer.messages import gettext as _
from training.core.evaluation import ClassificationResult, evaluate
from training.datasets.archives import ArchiveLimits, open_archive
from training.datasets.content.questions import refuse_open
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.imports.reading import prepared
from training.datasets.layouts import NO_CHOICE, Choice, Plan, find_plan
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.datasets.storage.picture_files import Index
from training.datasets.synthesis import origin_of
from training.jobs.progress import CountProgress, unheard


@dataclass(frozen=True)
class ModelScore:
    """What a model read right.

    Attributes:
        images: pictures of letters that the model knows, those that cannot be read among them.
        correct: those read right.
        accuracy: correct / images.
        top5: share whose letter was among the five most probable.
        per_letter: share read right of each letter that occurs.
        images_per_letter: pictures of each letter that occurs.
        unreadable: pictures that cannot be decoded or show no ink; each counts as read wrong.
        model: the model's name.
        precision: in how many bits it was run.
        per_origin: of synthetic letters, share read right of those of each table of skeletons and family of fonts.
        notes: of an archive, what was assumed in reading it.

    """

    images: int
    correct: int
    accuracy: float
    top5: float
    per_letter: dict[str, float]
    images_per_letter: dict[str, int]
    unreadable: int
    model: str
    precision: str
    per_origin: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def score_archive(
    path: Path,
    model: LoadedModel,
    *,
    precision: str | None = None,
    choice: Choice = NO_CHOICE,
    limits: ArchiveLimits | None = None,
    progress: CountProgress = unheard,
    should_stop: Callable[[], bool] = lambda: False,
) -> ModelScore:
    """Score an archive whole: every picture of a letter that the model knows, nothing cleaned away. Needs no database.

    Raises:
        DatasetError: the archive cannot be taken, a question about it is open, or the precision is unknown.

    """
    network, bits = _network(model, precision)
    with open_archive(path, limits, choice.encoding) as archive:
        plan = find_plan(archive, model.letters, choice)
        refuse_open(plan.questions)
        inputs, labels, unreadable = _read(plan, model, progress, should_stop)
    evaluation = evaluate(network, inputs, labels) if len(labels) else None
    score = _score(evaluation, unreadable, model, bits)
    return replace(score, notes=[note.in_words() for note in plan.notes])


def score_dataset(dataset: Dataset, model: LoadedModel, *, split: Split, precision: str | None = None) -> ModelScore:
    """Score a split of a data set, as `evaluate_dataset` does, in the form that `evaluate` prints."""
    evaluation = evaluate_dataset(dataset, model, split=split, precision=precision)
    nothing_unreadable = np.zeros(len(model.letters), dtype=np.int64)
    score = _score(evaluation, nothing_unreadable, model, precision or model.card.precision)
    return replace(score, per_origin=_by_origin(dataset, model, split, precision)) if dataset.is_synthetic else score


def evaluate_dataset(
    dataset: Dataset, model: LoadedModel, *, split: Split, precision: str | None = None
) -> ClassificationResult:
    """Read a split of a data set: every picture of a letter that the model knows; classes are the model's letters.

    Raises:
        DatasetError: the split has no such picture, the files are gone, or the precision is unknown.

    """
    network, _bits = _network(model, precision)
    inputs, labels = _part(dataset, model, split)
    known = labels >= 0
    if not known.any():
        raise DatasetError(
            _("The %(split)s split of “%(name)s” has no picture of a letter that the model knows.")
            % {"split": split.key, "name": dataset.name}
        )
    return evaluate(network, inputs[known], labels[known])


def _part(dataset: Dataset, model: LoadedModel, split: Split) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Inputs and the model's labels of a split of a data set; −1 for a letter that the model does not know."""
    samples = input_files.load(dataset, split, model.ink.name)
    return samples.inputs, np.array([model.letters.find(letter) for letter in dataset.letters])[samples.labels]


def _by_origin(dataset: Dataset, model: LoadedModel, split: Split, precision: str | None) -> dict[str, float]:
    """Accuracy on those letters of a split that come from each table of skeletons and each family of fonts."""
    network, _bits = _network(model, precision)
    inputs, labels = _part(dataset, model, split)
    index = Index.load(dataset.folder)
    origins = np.array([origin_of(index.names[number]) for number in np.flatnonzero(index.splits == split).tolist()])
    groups = {str(origin): (origins == origin) & (labels >= 0) for origin in np.unique(origins) if origin}
    return {origin: evaluate(network, inputs[of], labels[of]).accuracy for origin, of in groups.items() if of.any()}


def _network(model: LoadedModel, precision: str | None) -> tuple[AnyNetwork, str]:
    """The network with its parameters rounded to a precision; None leaves them as they were stored."""
    if precision is None or precision == model.card.precision:
        return model.network, model.card.precision
    try:
        return to_precision(in_floats(model.network), precision), precision
    except NetworkError as error:
        raise DatasetError(str(error)) from error


def _read(
    plan: Plan, model: LoadedModel, progress: CountProgress, should_stop: Callable[[], bool]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Inputs and labels of what can be read, and how many of each letter cannot be read."""
    inputs, labels = [np.empty((0, model.network.sizes[0]), np.uint8)], [np.empty(0, np.int64)]
    unreadable = np.zeros(len(model.letters), dtype=np.int64)
    done = 0
    for batch, made in prepared(plan, model.ink):
        if should_stop():
            break
        truth = _labels(plan, batch.names)
        inputs.append(made.inputs[made.inked])
        labels.append(truth[made.inked])
        np.add.at(unreadable, truth[~made.inked], 1)
        np.add.at(unreadable, _labels(plan, [fault.name for fault in batch.faults]), 1)
        done += len(batch)
        progress(done, len(plan.places))
    return np.concatenate(inputs), np.concatenate(labels), unreadable


def _labels(plan: Plan, names: Sequence[str]) -> NDArray[np.int64]:
    return np.array([plan.places[name].label for name in names], dtype=np.int64)


def _score(
    evaluation: ClassificationResult | None, unreadable: NDArray[np.int64], model: LoadedModel, precision: str
) -> ModelScore:
    confusion = np.diag(np.zeros_like(unreadable)) if evaluation is None else evaluation.confusion
    each, right = confusion.sum(axis=1) + unreadable, np.diag(confusion)
    images, correct = int(each.sum()), int(right.sum())
    among_five = 0.0 if evaluation is None else evaluation.top5 * evaluation.images
    return ModelScore(
        images=images,
        correct=correct,
        accuracy=correct / images,
        top5=among_five / images,
        per_letter={model.letters[i]: int(right[i]) / int(each[i]) for i in np.flatnonzero(each)},
        images_per_letter={model.letters[i]: int(each[i]) for i in np.flatnonzero(each)},
        unreadable=int(unreadable.sum()),
        model=model.name,
        precision=precision,
    )
