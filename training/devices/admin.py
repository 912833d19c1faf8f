"""Devices, benchmarks and compressions in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display

from accounts.careful_admin import CarefulAdmin
from recognizer.admin import StoredModelAdmin
from recognizer.models import StoredModel
from training.devices.models import Benchmark, Compression, Device
from training.devices.services import (
    BenchmarkError,
    CompressionError,
    new_benchmark,
    new_compression,
    queue_benchmarks,
)
from training.jobs import lifecycle
from training.jobs.admin import JobAdmin

WORKLOAD = (
    "precision",
    "backend",
    "images",
    "batch_size",
    "repeats",
    "sustained_seconds",
    "dataset",
    "wanted_device",
)


@admin.register(Device)
class DeviceAdmin(CarefulAdmin):
    """Machines that a benchmark has run on, or that have joined with a code."""

    list_display = ["name", "kind", "cpu", "seen_at"]
    list_filter = ["kind"]
    readonly_fields = [
        "kind",
        "key",
        "sheet",
        "first_seen_at",
        "seen_at",
        "agent_version",
        "token_at",
        "revoked_at",
    ]

    @display(description=gettext_lazy("processor"))
    def cpu(self, device: Device) -> str:
        """Its processor."""
        return device.rows.cpu_model

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A benchmark registers its device, or a code from the public page does."""
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
    """Timings of models."""

    form = BenchmarkForm
    start_label = gettext_lazy("Measure")
    add_fields = ("model", *WORKLOAD, "priority")
    detail_fields = ("model", *WORKLOAD, "device", "time", "accuracy_text")
    list_display = ["__str__", "shown_state", "shown_progress", "device", "batch_size", "time", "created_at"]
    list_filter = ["state", "precision"]
    search_fields = ["model__name", "device__name"]
    list_select_related = ["model", "device"]

    @display(description=gettext_lazy("seconds for 10,000"))
    def time(self, benchmark: Benchmark) -> str:
        """Seconds for 10,000 images."""
        seconds = benchmark.measured_seconds
        return "" if seconds is None else f"{seconds:.4f}"

    @display(description=gettext_lazy("accuracy"))
    def accuracy_text(self, benchmark: Benchmark) -> str:
        """Accuracy and the data set that was read."""
        accuracy = benchmark.accuracy
        return "" if accuracy is None else f"{accuracy['share']:.2%} · {accuracy['dataset']}"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the model in service."""
        active = StoredModel.objects.filter(is_active=True).first()
        return {"model": active.pk if active else None, **super().get_changeform_initial_data(request)}

    def response_add(self, request: HttpRequest, obj: Benchmark, post_url_continue: Any = None) -> HttpResponse:
        """Redirect to its public page."""
        return redirect(obj)


class CompressionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new compression."""

    class Meta:
        model = Compression
        fields = ["model", "precision", "epochs", "neurons"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Without epochs or neurons there are none; one that is only shown has no fields."""
        super().__init__(*args, **kwargs)
        for name in {"epochs", "neurons"} & set(self.fields):
            self.fields[name].required = False

    def clean_epochs(self) -> int:
        """Return how many epochs."""
        return self.cleaned_data["epochs"] or 0

    def clean_neurons(self) -> int:
        """Return how many per cent of the neurons go."""
        return self.cleaned_data["neurons"] or 0

    def clean(self) -> dict[str, Any]:
        """Check that there is something to gain."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                new_compression(values["model"], values["precision"], values["epochs"], values["neurons"])
            except CompressionError as error:
                self.add_error("model", str(error))
        return values


@admin.register(Compression)
class CompressionAdmin(JobAdmin):
    """Models stored in fewer bits."""

    form = CompressionForm
    start_label = gettext_lazy("Shrink")
    add_fields = ("model", "precision", "epochs", "neurons")
    detail_fields = ("model", "precision", "epochs", "neurons", "result")
    list_display = ["__str__", "shown_state", "result", "created_at"]
    list_filter = ["state", "precision"]
    list_select_related = ["model", "result"]

    def response_add(self, request: HttpRequest, obj: Compression, post_url_continue: Any = None) -> HttpResponse:
        """Go to the page of the model: what came of it will stand there."""
        words = _("“%(name)s” is being shrunk to %(precision)s; the new model will appear below.")
        self.message_user(request, words % {"name": obj.model.name, "precision": obj.precision})
        return redirect(obj.model)


def _queue_compressions(model_admin: Any, request: HttpRequest, queryset: QuerySet[StoredModel], to: str) -> None:
    """Queue a compression of each chosen model; say which cannot be."""
    count = 0
    for model in queryset:
        try:
            lifecycle.enqueue(new_compression(model, to), by=request.user)
            count += 1
        except CompressionError as error:
            model_admin.message_user(request, str(error), messages.ERROR)
    if count:
        words = {"count": count, "to": to}
        model_admin.message_user(
            request,
            ngettext(
                "%(count)d model is being stored in %(to)s.", "%(count)d models are being stored in %(to)s.", count
            )
            % words,
        )


@admin.action(description=gettext_lazy("Store in 16 bits (fp16)"))
def compress_to_fp16(model_admin: Any, request: HttpRequest, queryset: QuerySet[StoredModel]) -> None:
    """Queue a compression of each chosen model into 16-bit floats."""
    _queue_compressions(model_admin, request, queryset, "fp16")


@admin.action(description=gettext_lazy("Store in 8 bits (int8)"))
def compress_to_int8(model_admin: Any, request: HttpRequest, queryset: QuerySet[StoredModel]) -> None:
    """Queue a compression of each chosen model into whole numbers of 8 bits."""
    _queue_compressions(model_admin, request, queryset, "int8")


@admin.action(description=gettext_lazy("Store in 4 bits (int4)"))
def compress_to_int4(model_admin: Any, request: HttpRequest, queryset: QuerySet[StoredModel]) -> None:
    """Queue a compression of each chosen model into whole numbers with weights of 4 bits."""
    _queue_compressions(model_admin, request, queryset, "int4")


@admin.action(description=gettext_lazy("Time 10,000 images in 32 and 16 bits"))
def time_models(model_admin: Any, request: HttpRequest, queryset: QuerySet[StoredModel]) -> None:
    """Queue a benchmark of each chosen model in each precision."""
    for model in queryset:
        queue_benchmarks(model, by=request.user)
    model_admin.message_user(request, _("Benchmarks are queued; see them under Devices."))


def offer_actions_on_models() -> None:
    """Add these actions to the admin page of models, whose app does not know devices."""
    models_admin = admin.site.get_model_admin(StoredModel)
    if isinstance(models_admin, StoredModelAdmin):
        for compress in (compress_to_fp16, compress_to_int8, compress_to_int4):
            models_admin.offer(compress, needs="devices.add_compression")
        models_admin.offer(time_models, needs="devices.add_benchmark")


if admin.site.is_registered(StoredModel):
    offer_actions_on_models()
