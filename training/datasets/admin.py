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
from training.jobs.admin import JobAdmin


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
class DatasetImportAdmin(JobAdmin):
    """Imports. A new one is queued at once, and its page shows how far it is."""

    add_form = ImportForm
    list_display = ("name", "origin", "shown_state", "shown_progress", "created_at", "page")
    list_filter = ("state", "origin")
    asked = ("name", "archive", "folder_path", "per_letter", "seed")
    told = ("name", "origin", "seed", "shown_progress", "dataset")

    def get_form(self, request: HttpRequest, obj: DatasetImport | None = None, **kwargs: Any) -> Any:
        """Use the import's form for a new one."""
        return self.add_form if obj is None else super().get_form(request, obj, **kwargs)

    def response_add(self, request: HttpRequest, obj: DatasetImport, post_url_continue: Any = None) -> HttpResponse:
        """Show how the import goes on."""
        return redirect("datasets:import", pk=obj.pk)

    @display(description=_("page"))
    def page(self, job: DatasetImport) -> SafeString:
        """Link to the import's page with its progress."""
        return format_html('<a href="{}">{}</a>', job.get_absolute_url(), _("progress"))
