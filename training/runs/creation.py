"""A new run: everything that can be known to be wrong is found before there is a row."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from recognizer.core.model_card import MAX_PARAMETERS, N_INPUTS, parameter_count
from recognizer.models import StoredModel
from training.core.hyperparameters import SHARES, Hyperparameters
from training.datasets.models import Dataset
from training.datasets.splitting import Split
from training.jobs import lifecycle
from training.jobs.working import worker_name
from training.runs.models import Run, RunDataset, RunTeacher, model_name

MADE_SHARE = 0.03
"""Share of the first epoch of letters made by us beside real ones where no shares are given: chosen on validation
(docs/data.md). By their number they would have a third, and real letters would be read less well."""


class RunError(ValueError):
    """A run that cannot be made: at which field of a form, and why."""

    def __init__(self, field: str, message: str) -> None:
        """Keep the field and the sentence."""
        super().__init__(message)
        self.field = field
        self.message = message


def create_run(
    datasets: Sequence[Dataset],
    hyperparameters: Hyperparameters,
    *,
    teachers: Sequence[StoredModel] = (),
    preset: str = "",
    name: str = "",
    priority: int = 0,
    notes: str = "",
    is_trial: bool = False,
    by: Any = None,
    queue: bool = True,
) -> Run:
    """Make a run of these data sets, in this order, and queue it; with `queue=False` this process holds it at once.

    Args:
        datasets: what to train on together; `hyperparameters.source_weights` are their shares, in their order.
            Where none are given, letters made by us begin with `MADE_SHARE` beside real ones and end with none,
            in epochs no longer than without them.
        hyperparameters: all that is chosen.
        teachers: models that give `hyperparameters.distillation` of the targets.
        preset: the name of the preset that the hyperparameters came from, if any.
        name: of the model; empty for one made of data sets and layers.
        priority: higher goes first.
        notes: whatever people want to remember of it.
        is_trial: a trial of a sweep: its test split is not scored, its network stays out of the catalogue.
        by: the user who asks.
        queue: whether a worker shall do it.

    Raises:
        RunError: the data sets cannot be trained on (together), the shares or the teachers do not fit them, or
            the name is none.

    """
    check(datasets, hyperparameters, teachers)
    hyperparameters = _with_few_made(datasets, hyperparameters)
    run = Run(
        name=check_name(name.strip() or model_name(hyperparameters, [dataset.name for dataset in datasets])),
        preset=preset,
        hyperparameters=hyperparameters.as_dict(),
        priority=priority,
        notes=notes,
        is_trial=is_trial,
        letters=datasets[0].letters,
        training_images=sum(dataset.size(Split.TRAIN) for dataset in datasets),
    )
    with transaction.atomic():
        lifecycle.enqueue(run, by=by) if queue else lifecycle.take(run, worker=worker_name(), by=by)
        RunDataset.objects.bulk_create(_sources(run, datasets))
        RunTeacher.objects.bulk_create(_taught_by(run, teachers))
    return run


def _with_few_made(datasets: Sequence[Dataset], hyperparameters: Hyperparameters) -> Hyperparameters:
    """Hyperparameters with `MADE_SHARE` for letters made by us, where real ones are there and no shares are given.

    They fade: the last epoch has none, so that a training ends on what it is for, unless there is a letter that only
    they have. And an epoch has as many samples as there are real letters: with the made ones in its length it would
    show every real letter the more often the more are made, and overfit to the writers.
    """
    made = [dataset.is_made for dataset in datasets]
    given = any(getattr(hyperparameters, name) for name in SHARES)
    if given or len({*made}) == 1:
        return hyperparameters
    sizes = [dataset.size(Split.TRAIN) for dataset in datasets]
    real = _counts([dataset for dataset in datasets if not dataset.is_made])
    return replace(
        hyperparameters,
        source_weights=_shares(sizes, made, MADE_SHARE, hyperparameters.source_balance),
        closing_weights=_shares(sizes, made, 0, hyperparameters.source_balance) if all(real) else (),
        epoch_samples=hyperparameters.epoch_samples or sum(real),
    )


def _shares(sizes: Sequence[int], made: Sequence[bool], made_share: float, balance: float) -> tuple[float, ...]:
    """Shares of data sets of these sizes; what is made has `made_share` of all together."""
    parts = [size**balance for size in sizes]
    whole = {kind: sum(part for part, is_made in zip(parts, made, strict=True) if is_made == kind) for kind in made}
    shares = {True: made_share, False: 1 - made_share}
    return tuple(round(shares[kind] * part / (whole[kind] or 1), 4) for part, kind in zip(parts, made, strict=True))


def retry_run(run: Run) -> bool:
    """Queue a run anew that has failed, or was cancelled or pruned; it begins at its first epoch."""
    figures = ("validation_accuracy", "best_validation_accuracy", "best_epoch", "test_accuracy", "diverged_epoch")
    anew: dict[str, Any] = dict.fromkeys(figures) | {
        "epoch": 0,
        "progress": 0.0,
        "progress_text": "",
        "started_at": None,
    }
    with transaction.atomic():
        changed = lifecycle.retry(run, **anew)
        if changed:
            run.rows.all().delete()
    return changed


def _sources(run: Run, datasets: Sequence[Dataset]) -> list[RunDataset]:
    all_made = all(dataset.is_made for dataset in datasets)
    return [
        RunDataset(
            run=run,
            dataset=dataset,
            name=dataset.name,
            content_sha256=dataset.content_sha256,
            place=place,
            is_judged=all_made or not dataset.is_made,
        )
        for place, dataset in enumerate(datasets)
    ]


def _taught_by(run: Run, teachers: Sequence[StoredModel]) -> list[RunTeacher]:
    return [
        RunTeacher(run=run, model=model, name=model.name, weights_sha256=model.weights_sha256) for model in teachers
    ]


def check_name(name: str) -> str:
    """Return the name of a model, if it can be one.

    Raises:
        RunError: it is too long, or more than a line.

    """
    longest = Run._meta.get_field("name").max_length or 0
    if len(name) > longest or not name.isprintable():
        raise RunError("name", _("A name is one line of at most %(longest)d characters.") % {"longest": longest})
    return name


def check(datasets: Sequence[Dataset], hyperparameters: Hyperparameters, teachers: Sequence[StoredModel] = ()) -> None:
    """Find what would spoil the run.

    Raises:
        RunError: see `create_run`.

    """
    if not datasets:
        raise RunError("datasets", _("Choose at least one data set."))
    if len({dataset.pk for dataset in datasets}) < len(datasets):
        raise RunError("datasets", _("A data set is named twice."))
    if len({dataset.letters for dataset in datasets}) > 1:
        raise RunError("datasets", _("Data sets of different letters cannot be trained on together."))
    for name in SHARES:
        if (weights := getattr(hyperparameters, name)) and len(weights) != len(datasets):
            raise RunError(
                name,
                _("There are %(shares)d shares for %(count)d data sets: give one for each, or none.")
                % {"shares": len(weights), "count": len(datasets)},
            )
    _check_size(hyperparameters, len(datasets[0].letters))
    _check_pictures(datasets)
    _check_teachers(teachers, hyperparameters, datasets[0].letters)


def _check_size(hyperparameters: Hyperparameters, classes: int) -> None:
    """A model file holds no more than so many parameters: better to know it before a night of training."""
    count = parameter_count((N_INPUTS, *hyperparameters.hidden_layers, classes))
    if count > MAX_PARAMETERS:
        raise RunError(
            "hidden_layers",
            _("These layers have %(count)d parameters; a model file holds at most %(most)d.")
            % {"count": count, "most": MAX_PARAMETERS},
        )


def _check_pictures(datasets: Sequence[Dataset]) -> None:
    """Every letter needs a training picture somewhere, and every data set something to validate on."""
    missing = [letter for letter, count in zip(datasets[0].letters, _counts(datasets), strict=True) if not count]
    if missing:
        raise RunError(
            "datasets", _("There is no training picture of: %(letters)s.") % {"letters": ", ".join(missing[:10])}
        )
    for dataset in datasets:
        if not dataset.size(Split.VALIDATION):
            raise RunError("datasets", _("Data set “%(name)s” has no validation pictures.") % {"name": dataset.name})


def _counts(datasets: Sequence[Dataset]) -> list[int]:
    """Training pictures of each letter in all data sets together."""
    return [sum(of_letter) for of_letter in zip(*(dataset.counts(Split.TRAIN) for dataset in datasets), strict=True)]


def _check_teachers(teachers: Sequence[StoredModel], hyperparameters: Hyperparameters, letters: str) -> None:
    """A teacher reads the very inputs that its pupil reads, and its answers are about the same letters."""
    if hyperparameters.distillation and not teachers:
        raise RunError("distillation", _("Choose a teacher, or set distillation to 0."))
    if teachers and not hyperparameters.distillation:
        raise RunError("distillation", _("With a teacher, distillation is its share of the targets: try 0.5."))
    if len({teacher.weights_sha256 for teacher in teachers}) < len(teachers):
        raise RunError("teachers", _("A teacher is named twice."))
    for teacher in teachers:
        _check_teacher(teacher, hyperparameters.ink_specification, letters)


def _check_teacher(teacher: StoredModel, ink_specification: str, letters: str) -> None:
    if teacher.ink_specification != ink_specification:
        raise RunError(
            "teachers",
            _("“%(name)s” reads %(theirs)s inputs, and this run is on %(ours)s: they must be the same.")
            % {"name": teacher.name, "theirs": teacher.ink_specification, "ours": ink_specification},
        )
    if teacher.card["letters"] != letters:
        raise RunError(
            "teachers", _("“%(name)s” reads other letters than the data sets have.") % {"name": teacher.name}
        )
