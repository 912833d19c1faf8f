"""The evaluations that a model's page shows."""

from django import template

from recognizer.models import StoredModel
from training.runs.models import Evaluation

register = template.Library()
SHOWN = 20


@register.filter
def evaluations(model: StoredModel) -> list[Evaluation]:
    """Its last evaluations, those that wait and those that failed among them."""
    return list(model.evaluations.select_related("dataset")[:SHOWN])
