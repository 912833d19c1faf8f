"""Notes and tags of a run: the field of tags, and the form in the admin."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from training.runs import tagging
from training.runs.models import Run
from training.runs.tagging import TagError


class TagsField(forms.CharField):
    """Tags with commas between; its value is the list of their names."""

    def __init__(self) -> None:
        """Take label, help and widget."""
        super().__init__(
            required=False,
            label=gettext_lazy("Tags"),
            widget=UnfoldAdminTextInputWidget,
            help_text=gettext_lazy("Words separated by commas, by which you find the run again."),
        )

    def clean(self, value: Any) -> list[str]:
        """Read the names.

        Raises:
            ValidationError: words that cannot be tags.

        """
        try:
            return tagging.parse(super().clean(value))
        except TagError as error:
            raise ValidationError(str(error)) from error


class NotesForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """What people may change of an existing run."""

    tags = TagsField()

    class Meta:
        model = Run
        fields = ("notes",)
        widgets = {"notes": UnfoldAdminTextareaWidget(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show its present tags."""
        super().__init__(*args, **kwargs)
        self.fields["tags"].initial = tagging.as_text(self.instance)
