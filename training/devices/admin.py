"""Devices, benchmarks and compressions in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from recognizer.models import StoredModel
from training.devices.compression import CompressionError
from training.devices.creation import BenchmarkError, new_benchmark, new_compression
from training.devices.measuring import Workload
from training.devices.models import Benchmark, Compression, Device, Precision
from training.jobs import lifecycle
from training.jobs.admin import JobAdmin

WORKLOAD = ("precision", "backend", "images", "batch_size", "repeats", "dataset", "wanted_device")


@admin.register(Device)
class DeviceAdmin(ModelAdmin):
    """Machines that a benchmark has run on; a benchmark makes their rows."""

    list_display = ["name", "cpu", "seen_at"]
    readonly_fields = ["key", "sheet", "first_seen_at", "seen_at"]

    @display(description=gettext_lazy("processor"))
    def cpu(self, device: Device) -> str:
        """Its processor."""
        return device.rows.cpu_model

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A device writes itself down."""
        return False


class BenchmarkForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new benchmark."""

    prefix = "benchmark"  # unfold takes a posted field that is named "dataset" for one of its own

    class Meta:
        model = Benchmark
        fields = ["model", *WORKLOAD, "priority"]

    def clean(self) -> dict[str, Any]:
        """Check what depends on the model."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                new_benchmark(values["model"], **{name: values[name] for name in WORKLOAD})
            except BenchmarkError as error:
                self.add_error(error.field, str(error))
        return values


@admin.register(Benchmark)
class BenchmarkAdmin(JobAdmin):
    """Timings."""

    form = BenchmarkForm
    asked = ("model", *WORKLOAD, "priority")
    told = ("model", *WORKLOAD, "device", "time", "accuracy_text")
    list_display = ["__str__", "shown_state", "shown_progress", "device", "batch_size", "time", "created_at"]
    list_filter = ["state", "precision", "device"]
    list_select_related = ["model", "device"]

    @display(description=gettext_lazy("seconds for 10,000"))
    def time(self, benchmark: Benchmark) -> str:
        """Its result."""
        seconds = benchmark.measured_seconds
        return "" if seconds is None else f"{seconds:.4f}"

    @display(description=gettext_lazy("accuracy"))
    def accuracy_text(self, benchmark: Benchmark) -> str:
        """How well it read, and what."""
        accuracy = benchmark.accuracy
        return "" if accuracy is None else f"{accuracy['share']:.2%} · {accuracy['dataset']}"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the model in service."""
        active = StoredModel.objects.filter(is_active=True).first()
        return {"model": active.pk if active else None, **super().get_changeform_initial_data(request)}

    def response_add(self, request: HttpRequest, obj: Benchmark, post_url_continue: Any = None) -> HttpResponse:
        """Show how it goes."""
        return redirect(obj)


class CompressionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new compression."""

    class Meta:
        model = Compression
        fields = ["model", "precision"]

    def clean(self) -> dict[str, Any]:
        """Check that there is something to gain."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                new_compression(values["model"], values["precision"])
            except CompressionError as error:
                self.add_error("model", str(error))
        return values


@admin.register(Compression)
class CompressionAdmin(JobAdmin):
    """Models made smaller."""

    form = CompressionForm
    asked = ("model", "precision")
    told = ("model", "precision", "result")
    list_display = ["__str__", "shown_state", "result", "created_at"]
    list_filter = ["state", "precision"]
    list_select_related = ["model", "result"]


@admin.action(description=gettext_lazy("Store in 16 bits (fp16)"))
def compress_to_fp16(model_admin: Any, request: HttpRequest, queryset: QuerySet[StoredModel]) -> None:
    """Queue a compression of each chosen model; say which cannot be."""
    count = 0
    for model in queryset:
        try:
            lifecycle.enqueue(new_compression(model, "fp16"), by=request.user)
            count += 1
        except CompressionError as error:
            model_admin.message_user(request, str(error), messages.ERROR)
    if count:
        model_admin.message_user(
            request,
            ngettext("%d model is being stored in 16 bits.", "%d models are being stored in 16 bits.", count) % count,
        )


@admin.action(description=gettext_lazy("Time 10,000 images in 32 and 16 bits"))
def time_models(model_admin: Any, request: HttpRequest, queryset: QuerySet[StoredModel]) -> None:
    """Queue a benchmark of each chosen model in each precision; the native one is slow, and timed once."""
    for model in queryset:
        for precision in Precision.values:
            repeats = 1 if precision == Precision.FP16_NATIVE else Workload.repeats
            lifecycle.enqueue(new_benchmark(model, precision=precision, repeats=repeats), by=request.user)
    model_admin.message_user(request, _("Benchmarks are queued; see them under Devices."))


def offer_actions_on_models() -> None:
    """Put our actions on the catalogue's page, which knows nothing of devices."""
    models_admin = admin.site.get_model_admin(StoredModel)
    models_admin.actions = [*(models_admin.actions or []), compress_to_fp16, time_models]


if admin.site.is_registered(StoredModel):
    offer_actions_on_models()
