"""The form into which a chip's line is pasted."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import needs
from recognizer import csv_files
from training.devices import entries
from training.devices.entered import ChipResult
from training.devices.entries import EntryError
from training.devices.web.entered import chips

LONGEST_PASTE = 500


class ChipForm(forms.ModelForm[ChipResult]):
    """A line, and which chip printed it."""

    line = forms.CharField(
        label=gettext_lazy("Its line"),
        max_length=LONGEST_PASTE,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("All of it, from PROPIS to the four digits behind the asterisk."),
    )

    class Meta:
        model = ChipResult
        fields = ["chip", "is_simulated"]

    def enter(self, by: Any) -> ChipResult | None:
        """Store it; None where it is refused, with the reason at the field."""
        values = self.cleaned_data
        try:
            return entries.enter_chip(values["line"], chip=values["chip"], is_simulated=values["is_simulated"], by=by)
        except EntryError as error:
            self.add_error("line", str(error))
            return None


@needs("devices.add_chipresult")
def paste(request: HttpRequest) -> HttpResponse:
    """Show the form, or store the line."""
    form = ChipForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (made := form.enter(request.user)):
        messages.success(request, _("“%(result)s” is on the board.") % {"result": made})
        return redirect("devices:index")
    context = {
        "section": "devices",
        "form": form,
        "title": _("A chip's line"),
        "lead": _(
            "A sketch prints it when it has read its letters; docs/arduino.md says what it is and how it is timed."
        ),
    }
    return render(request, "devices/entry_form.html", context, status=422 if form.errors else 200)


@require_POST
@needs("devices.delete_chipresult")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line off the board."""
    result = get_object_or_404(ChipResult, pk=pk)
    messages.success(
        request, _("“%(result)s” is deleted. Its line was: %(line)s") % {"result": result, "line": result.line}
    )
    result.delete()
    return redirect("devices:index")


@require_safe
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """The table of chips as CSV."""
    return csv_files.response(chips.table(), "chips.csv", request.GET)
