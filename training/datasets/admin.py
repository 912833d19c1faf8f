"""Data sets and imports in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from training.datasets.forms import ImportForm
from training.datasets.models import Dataset, DatasetImport
from training.jobs import lifecycle
from training.jobs.models import State

STATE_COLOURS = {
    State.QUEUED: "info",
    State.RUNNING: "warning",
    State.SUCCEEDED: "success",
    State.FAILED: "danger",
    State.CANCELLED: "info",
}


@admin.register(Dataset)
class DatasetAdmin(ModelAdmin):
    """Data sets. Adding one is importing an archive; deleting one deletes its files."""

    list_display = ("name", "pictures", "licence", "created_at", "page")
    search_fields = ("name", "source", "note")
    fields = ("name", "pictures", "licence", "source", "note", "archive_name", "content_sha256", "created_at")
    readonly_fields = ("pictures", "archive_name", "content_sha256", "created_at")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Go to the import of an archive."""
        return redirect("admin:datasets_datasetimport_add")

    @display(description=_("page"))
    def page(self, dataset: Dataset) -> SafeString:
        """Link to the public page."""
        return format_html('<a href="{}">{}</a>', dataset.get_absolute_url(), dataset.get_absolute_url())


@admin.register(DatasetImport)
class DatasetImportAdmin(ModelAdmin):
    """Imports. A new one is queued at once, and its page shows how far it is."""

    add_form = ImportForm
    list_display = ("name", "origin", "shown_state", "shown_progress", "created_at", "page")
    list_filter = ("state", "origin")
    readonly_fields = (
        "name",
        "origin",
        "seed",
        "state",
        "shown_progress",
        "error",
        "dataset",
        "worker",
        "created_by",
        "created_at",
        "started_at",
        "finished_at",
    )
    fields = readonly_fields
    actions = ("cancel",)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Offer one button: what follows is the import's page."""
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        response: HttpResponse = super().add_view(request, form_url, {**(extra_context or {}), **buttons})
        return response

    def get_form(self, request: HttpRequest, obj: DatasetImport | None = None, **kwargs: Any) -> Any:
        """Use the import's form for a new one."""
        return self.add_form if obj is None else super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: DatasetImport | None = None) -> Any:
        """Ask only for what a new import needs."""
        return ("name", "archive", "folder_path", "seed") if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: DatasetImport | None = None) -> Any:
        """Leave a queued import as it is."""
        return () if obj is None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: DatasetImport, form: Any, change: bool) -> None:
        """Queue a new import."""
        if not change:
            lifecycle.enqueue(obj, by=request.user)

    def response_add(self, request: HttpRequest, obj: DatasetImport, post_url_continue: Any = None) -> HttpResponse:
        """Show how the import goes on."""
        return redirect("datasets:import", pk=obj.pk)

    @display(description=_("state"), label=STATE_COLOURS)
    def shown_state(self, job: DatasetImport) -> tuple[str, str]:
        """The state with its colour."""
        return job.state, str(job.get_state_display())

    @display(description=_("progress"))
    def shown_progress(self, job: DatasetImport) -> str:
        """How much is done, in words while it runs."""
        return job.progress_text if job.is_running and job.progress_text else f"{job.progress:.0%}"

    @display(description=_("page"))
    def page(self, job: DatasetImport) -> SafeString:
        """Link to the import's page with its progress."""
        return format_html('<a href="{}">{}</a>', job.get_absolute_url(), _("progress"))

    @admin.action(description=_("Cancel the chosen imports"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: Any) -> None:
        """Ask their workers to stop; nothing of them is kept."""
        stopped = sum(lifecycle.request_cancel(job) for job in queryset)
        self.message_user(request, _("%(count)d imports were told to stop.") % {"count": stopped})
