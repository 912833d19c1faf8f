"""What a model's page offers to take along."""

from django import template

from recognizer.models import StoredModel
from training.devices.exports import ExportFormat, formats_of

register = template.Library()


@register.filter
def other_formats(model: StoredModel) -> list[ExportFormat]:
    """The formats beside the model file itself."""
    return [each for each in formats_of(model) if each.name != "npz"]
