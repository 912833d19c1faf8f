"""“Run it again with …”: the address of a new run's form, filled in with the recipe of a row."""

from django.urls import reverse
from django.utils.http import urlencode

from training.core.hyperparameters import PRESETS, Hyperparameters
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.runs.web.clone_form import as_typed
from training.runs.web.hyperparameter_text import changed
from training.study.experiments import TRAINING, ExperimentRow, ThesisExperiment
from training.study.services import SEEDS


def recipe_of(experiment: ThesisExperiment, row: ExperimentRow, dataset: Dataset | None) -> Hyperparameters:
    """The recipe of a row at full scale, λ for this data set, or the thesis's own without one."""
    samples = TRAINING if dataset is None else dataset.size(Split.TRAIN)
    return experiment.hyperparameters(row, epochs=experiment.epochs, seed=SEEDS[0], samples=samples)


def address(recipe: Hyperparameters, dataset: Dataset | None) -> str:
    """The form of a new run with this recipe: the preset that is nearest to it, and what differs."""
    values = recipe.as_dict()
    preset = min(PRESETS, key=lambda name: len(changed(values, name)))
    typed = {name: as_typed(values[name]) for name in changed(values, preset)}
    source = {} if dataset is None else {"datasets": str(dataset.pk)}
    return f"{reverse('runs:new')}?{urlencode({'preset': preset, **source, **typed})}"
