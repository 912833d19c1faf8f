"""Shares of letters of people and synthetic ones in the form of a new run: shown before they are used."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from accounts.rights import needs
from training.core.hyperparameters import PRESETS, Hyperparameters
from training.datasets.models import Dataset
from training.jobs.keys import key_in
from training.runs.defaults import DEFAULT_PRESET, Source, fitting_shares
from training.runs.web.clone_form import as_typed


def key_of(datasets: Iterable[Dataset]) -> str:
    """The data sets for which a form shows shares."""
    return ",".join(str(dataset.pk) for dataset in datasets)


def offered(datasets: Iterable[Dataset], hyperparameters: Hyperparameters) -> dict[str, str]:
    """The shares that fit, as they are typed, by field; nothing where there is nothing to offer."""
    fitting = fitting_shares([Source.of(dataset) for dataset in datasets], hyperparameters)
    return {name: as_typed(list(value) if isinstance(value, tuple) else value) for name, value in fitting.items()}


@require_safe
@needs("runs.add_run")
def shares(request: HttpRequest) -> JsonResponse:
    """What fits the data sets of the query, for the form's script: `values` by field, and `key`."""
    keys = [key for text in request.GET.getlist("datasets") if (key := key_in(text)) is not None]
    datasets = list(Dataset.objects.filter(pk__in=keys).order_by("pk"))
    preset = PRESETS.get(request.GET.get("preset", ""), PRESETS[DEFAULT_PRESET])
    one_class_set = len({dataset.letters for dataset in datasets}) == 1
    values: dict[str, Any] = offered(datasets, preset) if one_class_set else {}
    return JsonResponse({"values": values, "key": key_of(datasets)})
