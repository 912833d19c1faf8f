"""The form for a meter's value: energy that no processor counts, measured by hand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.rights import needs
from training.devices import entries
from training.devices.entered import LARGEST_VALUE, MeterReading
from training.devices.entries import EntryError
from training.devices.models import Benchmark

LEAST_VALUE = 1e-6


class MeterForm(forms.ModelForm[MeterReading]):
    """What the meter showed."""

    corrects = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = MeterReading
        fields = ["value", "unit", "images", "subject"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Bound the value."""
        super().__init__(*args, **kwargs)
        value = self.fields["value"] = forms.FloatField(
            label=self.fields["value"].label, min_value=LEAST_VALUE, max_value=LARGEST_VALUE
        )
        value.widget.attrs["step"] = "any"

    def enter(self, benchmark: Benchmark, by: Any) -> bool:
        """Store it; False where it is refused, with the reason above the fields."""
        made = MeterReading(**{name: self.cleaned_data[name] for name in self.Meta.fields})
        try:
            entries.enter_meter(made, benchmark, corrects=self.cleaned_data["corrects"], by=by)
        except EntryError as error:
            self.add_error(None, str(error))
            return False
        return True


@needs("devices.add_meterreading")
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form, with the value before if there is one, or store what was entered beside it."""
    benchmark = get_object_or_404(Benchmark.objects.select_related("model", "device"), pk=pk)
    last = benchmark.meter_readings.first()
    form = MeterForm(request.POST or None, initial=_shown(last))
    if request.method == "POST" and form.is_valid() and form.enter(benchmark, request.user):
        messages.success(request, _("The meter's value is stored."))
        return redirect(benchmark)
    if form.errors:  # whoever saves again has seen the newest
        form.data = request.POST.dict() | {"corrects": str(last.pk) if last else ""}
    context = {
        "section": "devices",
        "form": form,
        "benchmark": benchmark,
        "title": _("Energy by a meter"),
        "lead": _("The value before stays on the page of the benchmark, marked as corrected.") if last else "",
    }
    return render(request, "devices/entry_form.html", context, status=422 if form.errors else 200)


def _shown(last: MeterReading | None) -> dict[str, Any]:
    if last is None:
        return {}
    return {name: getattr(last, name) for name in MeterForm.Meta.fields} | {"corrects": last.pk}
