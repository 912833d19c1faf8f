"""What a model's page shows that devices know: formats to take along, and its relatives with size and time."""

from django import template

from recognizer.models import StoredModel
from training.devices.choice.relatives import Relatives, relatives_of
from training.devices.exports import ExportFormat, formats_of

register = template.Library()


@register.filter
def other_formats(model: StoredModel) -> list[ExportFormat]:
    """The formats beside the model file itself."""
    return [each for each in formats_of(model) if each.name != "npz"]


@register.filter
def relatives(model: StoredModel) -> Relatives | None:
    """The model beside what it was made from, or what was made from it."""
    return relatives_of(model)
