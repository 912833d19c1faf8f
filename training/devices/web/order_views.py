"""The form “these models, in these precisions, on these devices”: a benchmark for each that can be."""

from itertools import product
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.rights import needs
from recognizer.core.precision import INTEGER_BITS
from recognizer.models import StoredModel
from training.devices import services
from training.devices.measurement import SUSTAINED, Workload
from training.devices.models import Device, Precision
from training.devices.web import tables
from training.jobs import lifecycle
from training.jobs.keys import key_in

MOST = 200
"""Benchmarks that one form may queue."""
MODES = (
    ("single", gettext_lazy("one by one")),
    ("batch", gettext_lazy("in batches of 100")),
    ("sustained", gettext_lazy("one by one for a minute")),
)
WORKLOADS: dict[str, dict[str, Any]] = {
    "single": {},
    "batch": {"batch_size": services.FIRST_BATCH},
    "sustained": {"sustained_seconds": SUSTAINED[0]},
}
SHOWN_MODELS = 100


class OrderForm(forms.Form):
    """What is to be measured, and where."""

    models = forms.ModelMultipleChoiceField(
        StoredModel.objects.none(), label=gettext_lazy("Models"), widget=forms.CheckboxSelectMultiple
    )
    precisions = forms.MultipleChoiceField(
        choices=Precision.choices, label=gettext_lazy("Precisions"), widget=forms.CheckboxSelectMultiple
    )
    devices = forms.ModelMultipleChoiceField(
        Device.objects.none(), label=gettext_lazy("Devices"), widget=forms.CheckboxSelectMultiple
    )
    modes = forms.MultipleChoiceField(
        choices=MODES, label=gettext_lazy("How"), widget=forms.CheckboxSelectMultiple, initial=["single"]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the newest models, the one in service first, and every device."""
        super().__init__(*args, **kwargs)
        newest = StoredModel.objects.order_by("-is_active", "-created_at").values_list("pk", flat=True)[:SHOWN_MODELS]
        shown = StoredModel.objects.filter(pk__in=list(newest)).order_by("-is_active", "-created_at")
        self.fields["models"].queryset = shown  # type: ignore[attr-defined]
        computers = tables.computers()
        self.fields["devices"].queryset = computers  # type: ignore[attr-defined]
        if not computers.exists():
            self.fields["devices"].required = False
            self.fields["devices"].help_text = _("None is known yet: the first one that has a worker measures.")

    def clean(self) -> dict[str, Any]:
        """See that there is something to measure, and not too much."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            count = len(self.orders())
            if count == 0:
                raise forms.ValidationError(_("None of these models can be computed in these precisions."))
            if count > MOST:
                words = _("These are %(count)d benchmarks; one form may queue %(most)d.")
                raise forms.ValidationError(words % {"count": count, "most": MOST})
        return values

    def orders(self) -> list[tuple[StoredModel, str, Device | None, str]]:
        """Each model, precision, device and mode that go together; without any device whichever takes it."""
        cleaned = self.cleaned_data
        devices = list(cleaned["devices"]) or [None]
        chosen = (cleaned["models"], cleaned["precisions"], devices, cleaned["modes"])
        return [each for each in product(*chosen) if _can_be(each[0], each[1])]


@needs("devices.add_benchmark")
def order(request: HttpRequest) -> HttpResponse:
    """Show the form, or queue what it asks for."""
    form = OrderForm(request.POST or None, initial=_asked_for(request.GET.get("model", "")))
    if request.method == "POST" and form.is_valid():
        orders = form.orders()
        with transaction.atomic():
            for model, precision, device, mode in orders:
                repeats = 1 if precision == Precision.FP16_NATIVE else Workload.repeats
                job = services.new_benchmark(
                    model, precision=precision, wanted_device=device, repeats=repeats, **WORKLOADS[mode]
                )
                lifecycle.enqueue(job, by=request.user)
        words = ngettext("%(count)d benchmark is queued.", "%(count)d benchmarks are queued.", len(orders))
        messages.success(request, words % {"count": len(orders)})
        models = {model for model, *_others in orders}
        return redirect(models.pop() if len(models) == 1 else "devices:index")
    status = 422 if form.errors else 200
    return render(request, "devices/order.html", {"section": "devices", "form": form}, status=status)


def _asked_for(key: str) -> dict[str, Any]:
    """Tick what an address asks for: one model, in the precision that it is stored in, on the only device."""
    if (number := key_in(key)) is None:
        return {}
    model = StoredModel.objects.filter(pk=number).first()
    devices = list(tables.computers().values_list("pk", flat=True)[:2])
    ticked = {"models": [model.pk], "precisions": [model.precision]} if model else {}
    return {**ticked, "devices": devices} if len(devices) == 1 else ticked


def _can_be(model: StoredModel, precision: str) -> bool:
    """Whether a model can be computed so: one in whole numbers in its own only, any other in all but these."""
    return precision == model.precision if model.precision in INTEGER_BITS else precision not in INTEGER_BITS
