"""The forms of paper: sheets to print, scans to read."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recognizer.core.alphabet import RUSSIAN
from recognizer.pages.sheets import sheet_layout
from training.paper.models import ReadingPurpose

MOST_WRITERS = 200


class SheetsForm(forms.Form):
    """What collection sheets are made for."""

    writers = forms.IntegerField(
        label=_("Writers"),
        min_value=1,
        max_value=MOST_WRITERS,
        initial=25,
        help_text=_("Each has sheets with a number of their own, and writes no name on them."),
    )
    letters = forms.CharField(
        label=_("Letters"),
        max_length=99,
        initial=RUSSIAN,
        help_text=_("Those that are to be written; the boxes of the others are left out."),
    )
    copies = forms.IntegerField(
        label=_("Of each letter"), min_value=1, max_value=sheet_layout.COPIES, initial=sheet_layout.COPIES
    )
    pages = forms.ChoiceField(
        label=_("Pages"),
        choices=[("01", _("capital and small letters")), ("0", _("capital letters")), ("1", _("small letters"))],
    )

    def clean_letters(self) -> str:
        """Take letters in any case and order, and refuse what is none."""
        given = {letter for letter in str(self.cleaned_data["letters"]).upper() if not letter.isspace()}
        if unknown := sorted(given - set(RUSSIAN)):
            raise ValidationError(gettext("“%(letter)s” is not a Russian letter.") % {"letter": unknown[0]})
        return "".join(letter for letter in RUSSIAN if letter in given)


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> "Sequence[UploadedFile[Any]]":
        single = super().clean
        return [single(each, initial) for each in data] if data else [single(data, initial)]


class ScansForm(forms.Form):
    """Files of scans, and what is to be read of them."""

    purpose = forms.ChoiceField(choices=ReadingPurpose.choices, widget=forms.HiddenInput)
    scans = _FilesField(
        label=_("Photographs, scans, PDF or zip"),
        widget=_SeveralFiles(attrs={"accept": "image/*,.heic,.heif,application/pdf,.zip"}),
    )
