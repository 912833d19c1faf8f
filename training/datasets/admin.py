"""Data sets, imports and published drawings in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect
from unfold.decorators import action, display

from accounts.careful_admin import CarefulAdmin
from recognizer.templatetags.recognizer_format import grouped
from training.datasets import services
from training.datasets.errors import DatasetError
from training.datasets.imports import waiting_drafts
from training.datasets.imports.drafts import Draft
from training.datasets.models import Dataset, DatasetImport, Origin, Publication, PublishedDrawings
from training.datasets.storage import donated
from training.datasets.versions import donated_drawings
from training.datasets.web.forms import ImportForm, VersionForm
from training.jobs.admin import JobAdmin

ADD_DRAWINGS = {
    "title": _("Add the accepted drawings?"),
    "description": _("A new version is made of this data set and all accepted drawings that it lacks."),
    "form_class": VersionForm,
    "form_submit_text": _("Make the version"),
}


@admin.register(Dataset)
class DatasetAdmin(CarefulAdmin):
    """Data sets. Adding one is importing an archive; deleting one deletes its files."""

    list_display = ("name", "shown_pictures", "shown_licence", "created_at", "page")
    search_fields = ("name", "source", "note")
    fields = ("name", "pictures", "licence", "source", "note", "archive_name", "content_sha256", "created_at")
    readonly_fields = ("pictures", "archive_name", "content_sha256", "created_at")
    actions_detail = ("add_drawings",)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Go to the import of an archive."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:datasets_datasetimport_add")

    @action(description=_("Add accepted drawings"), icon="draw", permissions=["change"], dialog=ADD_DRAWINGS)
    def add_drawings(self, request: HttpRequest, form: Any, object_id: int) -> HttpResponse:
        """Queue a new version with the drawings that were accepted."""
        parent = get_object_or_404(Dataset, pk=object_id)
        try:
            donated_drawings.to_add(parent)
        except DatasetError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseClientRedirect(reverse("admin:datasets_dataset_changelist"))
        job = services.queue_drawings(parent, name=form.cleaned_data["name"], by=request.user)
        return HttpResponseClientRedirect(job.get_absolute_url())

    def delete_model(self, request: HttpRequest, obj: Dataset) -> None:
        """Delete a data set and its files."""
        services.delete_datasets([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Dataset]) -> None:
        """Delete the chosen data sets and their files."""
        services.delete_datasets(queryset)

    @display(description=_("pictures"), ordering="pictures")
    def shown_pictures(self, dataset: Dataset) -> str:
        """How many, with thousands apart."""
        return grouped(dataset.pictures)

    @display(description=_("licence"), ordering="licence")
    def shown_licence(self, dataset: Dataset) -> str:
        """The licence, cut to a line."""
        return Truncator(dataset.licence).chars(40) or "—"

    @display(description=_("page"))
    def page(self, dataset: Dataset) -> SafeString:
        """Link to the public page."""
        return format_html('<a href="{}">{}</a>', dataset.get_absolute_url(), dataset.get_absolute_url())


@admin.register(DatasetImport)
class DatasetImportAdmin(JobAdmin):
    """Imports. What is found in an archive is shown before a new one is queued; its page shows how far it is."""

    add_form = ImportForm
    start_label = _("Look into the archive")
    list_display = ("name", "origin", "shown_state", "shown_progress", "created_at", "page")
    list_filter = ("state", "origin")
    add_fields = ("archive", "folder_path", "per_letter", "name", "seed", "kept")
    detail_fields = (
        "name",
        "origin",
        "seed",
        "letters",
        "label_column",
        "writer_column",
        "redraw_splits",
        "test_size",
        "validation_size",
        "shown_progress",
        "dataset",
    )

    def get_form(self, request: HttpRequest, obj: DatasetImport | None = None, **kwargs: Any) -> Any:
        """Use the import's form for a new one."""
        return self.add_form if obj is None else super().get_form(request, obj, **kwargs)

    def save_model(self, request: HttpRequest, obj: DatasetImport, form: Any, change: bool) -> None:  # type: ignore[override]
        """Queue a synthetic data set at once; an archive is inspected and its import confirmed first."""
        if obj.origin == Origin.SYNTHETIC:
            services.queue_import(obj, by=request.user)

    def log_addition(self, request: HttpRequest, obj: DatasetImport, message: Any) -> Any:
        """Write down what was added, once there is something."""
        return super().log_addition(request, obj, message) if not obj._state.adding else None

    def response_add(self, request: HttpRequest, obj: DatasetImport, post_url_continue: Any = None) -> HttpResponse:
        """Show what was found, or how the import goes on."""
        if obj._state.adding:
            draft = Draft.of(obj, request.user.pk or 0)
            token = draft.token()
            waiting_drafts.remember(request.session, draft, token)
            return redirect("datasets:import-confirm", token=token)
        return redirect("datasets:import", pk=obj.pk)

    @display(description=_("page"))
    def page(self, job: DatasetImport) -> SafeString:
        """Link to the import's page with its progress."""
        return format_html('<a href="{}">{}</a>', job.get_absolute_url(), _("progress"))


@admin.register(PublishedDrawings)
class PublishedDrawingsAdmin(CarefulAdmin):
    """The archive of donated drawings for visitors. Adding one publishes; deleting it ends the publication."""

    list_display = ("__str__", "drawings", "letters", "published_at", "outdated")
    fields = readonly_fields = ("content_sha256", "drawings", "letters", "file_bytes", "published_at", "outdated")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Go to the form of a publication."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:datasets_publication_add")

    def has_change_permission(self, request: HttpRequest, obj: PublishedDrawings | None = None) -> bool:
        """It is never changed, only made again."""
        return False


@admin.register(Publication)
class PublicationAdmin(JobAdmin):
    """Publications of donated drawings. The form of a new one says how many would be published."""

    start_label = _("Publish")
    add_fields = ("publishable",)
    detail_fields = ("version", "drawings", "shown_progress")
    list_display = ("__str__", "shown_state", "shown_progress", "drawings", "created_at")
    list_filter = ("state",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Everything, of a new one too."""
        return self.add_fields if obj is None else super().get_readonly_fields(request, obj)

    @display(description=_("to be published"))
    def publishable(self, _job: Publication) -> str:
        """How many drawings there are to publish, and what that means."""
        count = donated.publishable().count()
        return ngettext(
            "%(count)d drawing that was accepted and whose donor agreed to CC0: anybody may download and use it.",
            "%(count)d drawings that were accepted and whose donors agreed to CC0: anybody may download and use them.",
            count,
        ) % {"count": count}
