"""The form of a new invitation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recognizer.models import StoredModel

MOST_DEVICES, MOST_MINUTES = 200, 24 * 60
A_CLASS, A_LESSON = 40, 45
SHOWN_MODELS = 100
LIGHT = 100_000
"""Parameters of a network that a phone times in a minute or two."""


class InvitationForm(forms.Form):
    """Which network, for how long, for how many."""

    model = forms.ModelChoiceField(
        StoredModel.objects.none(),
        label=_("Network"),
        empty_label=None,
        help_text=_("A phone needs a minute for a light one such as “medium”, and many for “best”."),
    )
    minutes = forms.IntegerField(label=_("Open for, minutes"), min_value=1, max_value=MOST_MINUTES, initial=A_LESSON)
    most = forms.IntegerField(label=_("Devices at most"), min_value=1, max_value=MOST_DEVICES, initial=A_CLASS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the newest models, the lightest first."""
        super().__init__(*args, **kwargs)
        newest = StoredModel.objects.order_by("-is_active", "-created_at").values_list("pk", flat=True)[:SHOWN_MODELS]
        field = self.fields["model"]
        field.queryset = StoredModel.objects.filter(pk__in=list(newest)).order_by("parameters", "name")  # type: ignore[attr-defined]
        field.initial = default_model()


def default_model() -> StoredModel | None:
    """The largest light network that computes in floats; else the lightest of all."""
    floats = StoredModel.objects.filter(precision__in=("fp32", "fp16"))
    light = floats.filter(parameters__lte=LIGHT).order_by("-parameters", "-pk").first()
    return light or floats.order_by("parameters").first() or StoredModel.objects.order_by("parameters").first()
