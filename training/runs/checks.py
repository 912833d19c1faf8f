"""Checks of a run before there is a row; each error names the field of a form that it concerns."""

from collections.abc import Sequence

from recognizer.core.model_card import MAX_PARAMETERS, parameter_count
from recognizer.messages import gettext as _
from recognizer.models import StoredModel
from training.core.hyperparameters import SHARES, Hyperparameters
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.runs.models import Run


class RunError(ValueError):
    """A run that is impossible: at which field of a form, and why."""

    def __init__(self, field: str, message: str) -> None:
        """Keep the field and the sentence."""
        super().__init__(message)
        self.field = field
        self.message = message


class DatasetsGoneError(RunError):
    """A data set was deleted meanwhile."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("dataset", _("Its data set was deleted."))


def check_run(
    datasets: Sequence[Dataset], hyperparameters: Hyperparameters, teachers: Sequence[StoredModel] = ()
) -> None:
    """Check everything that would make the run fail.

    Raises:
        RunError: see `services.create_run`.

    """
    _check_datasets(datasets)
    _check_shares(hyperparameters, len(datasets))
    _check_size(hyperparameters, len(datasets[0].letters))
    _check_pictures(datasets)
    _check_teachers(teachers, hyperparameters, datasets[0].letters)


def check_name(name: str) -> str:
    """Return the name of a model, if it can be one.

    Raises:
        RunError: it is too long, or more than a line.

    """
    longest = Run._meta.get_field("name").max_length or 0
    if len(name) > longest or not name.isprintable():
        raise RunError("name", _("A name is one line of at most %(longest)d characters.") % {"longest": longest})
    return name


def training_images(datasets: Sequence[Dataset]) -> int:
    """Training pictures in all data sets together."""
    return sum(dataset.size(Split.TRAIN) for dataset in datasets)


def letter_counts(datasets: Sequence[Dataset]) -> list[int]:
    """Training pictures of each letter in all data sets together."""
    return [sum(of_letter) for of_letter in zip(*(dataset.counts(Split.TRAIN) for dataset in datasets), strict=True)]


def _check_datasets(datasets: Sequence[Dataset]) -> None:
    if not datasets:
        raise RunError("datasets", _("Choose at least one data set."))
    if len({dataset.pk for dataset in datasets}) < len(datasets):
        raise RunError("datasets", _("A data set is named twice."))
    if len({dataset.letters for dataset in datasets}) > 1:
        raise RunError("datasets", _("Data sets of different letters cannot be trained on together."))


def _check_shares(hyperparameters: Hyperparameters, count: int) -> None:
    for name in SHARES:
        if (weights := getattr(hyperparameters, name)) and len(weights) != count:
            raise RunError(
                name,
                _("There are %(shares)d shares for %(count)d data sets: give one for each, or none.")
                % {"shares": len(weights), "count": count},
            )


def _check_size(hyperparameters: Hyperparameters, classes: int) -> None:
    """A model file has a limit: better to know before a night of training that the network exceeds it."""
    count = parameter_count(hyperparameters.sizes(classes))
    if count > MAX_PARAMETERS:
        raise RunError(
            "hidden_layers",
            _("These layers have %(count)d parameters; a model file holds at most %(most)d.")
            % {"count": count, "most": MAX_PARAMETERS},
        )


def _check_pictures(datasets: Sequence[Dataset]) -> None:
    """Every letter needs a training picture somewhere, and every data set something to validate on."""
    counts = zip(datasets[0].letters, letter_counts(datasets), strict=True)
    missing = [letter for letter, count in counts if not count]
    if missing:
        raise RunError(
            "datasets", _("There is no training picture of: %(letters)s.") % {"letters": ", ".join(missing[:10])}
        )
    for dataset in datasets:
        if not dataset.size(Split.VALIDATION):
            raise RunError(
                "datasets",
                _(
                    "Data set “%(name)s” has no validation pictures, by which a training is judged: import it again "
                    "with a validation split."
                )
                % {"name": dataset.name},
            )


def _check_teachers(teachers: Sequence[StoredModel], hyperparameters: Hyperparameters, letters: str) -> None:
    """A teacher reads the very inputs that its pupil reads, and knows the same letters."""
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
