"""The sheet of a device, open to correction by whoever knows the machine better than it knows itself."""

import dataclasses
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.rights import needs
from training.devices import services
from training.devices.models import Device
from training.devices.sheet import DeviceSheet
from training.devices.sheet.record import LARGEST_NUMBER, LONGEST_TEXT
from training.devices.web.tables import ROWS

WHOLE = ("bits", "cores", "ram_mhz")


class SheetForm(forms.Form):
    """One field for each row of Table 4; an empty one is not known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the fields of the rows, named by group and row."""
        super().__init__(*args, **kwargs)
        texts = {field.name for field in dataclasses.fields(DeviceSheet) if isinstance(field.default, str)}
        for group, rows in ROWS:
            for name, words, unit in rows:
                label = f"{group}: {words}" + (f", {unit}" if unit else "")
                self.fields[name] = _field(name, label, is_text=name in texts)

    def sheet(self) -> DeviceSheet:
        """What was filled in."""
        return DeviceSheet.from_dict(self.cleaned_data)


@needs("devices.change_device")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sheet as fields, or keep the corrections."""
    device = get_object_or_404(Device, pk=pk)
    form = SheetForm(request.POST or None, initial=device.rows.as_dict())
    if request.method == "POST" and form.is_valid():
        services.correct_sheet(device, form.sheet())
        return redirect(device)
    context = {"section": "devices", "device": device, "form": form, "title": _("Correct the sheet")}
    return render(request, "devices/sheet_form.html", context, status=422 if form.errors else 200)


def _field(name: str, label: str, *, is_text: bool) -> forms.Field:
    if is_text:
        return forms.CharField(label=label, required=False, max_length=LONGEST_TEXT)
    kind = forms.IntegerField if name in WHOLE else forms.FloatField
    return kind(label=label, required=False, min_value=0, max_value=int(LARGEST_NUMBER))
