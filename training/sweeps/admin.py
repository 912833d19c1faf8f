"""Sweeps in the admin: start, watch, cancel, delete."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display

from training.jobs.admin import STATE_COLOURS, StartedByFormAdmin
from training.sweeps import creation
from training.sweeps.forms import SweepForm
from training.sweeps.models import Sweep


@admin.register(Sweep)
class SweepAdmin(StartedByFormAdmin):
    """Sweeps. A new one is queued at once; its public page shows how it goes."""

    list_display = ("name", "shown_state", "shown_progress", "best_accuracy", "dataset", "created_at", "page")
    list_filter = ("strategy", "dataset")
    list_select_related = ("dataset",)
    search_fields = ("name",)
    actions = ("cancel",)
    readonly_fields = (
        "page",
        "state_text",
        "shown_progress",
        "best_accuracy",
        "dataset",
        "strategy",
        "preset",
        "space",
    )
    fields = ("name", *readonly_fields, "created_by", "created_at")
    add_fieldsets = (
        (None, {"fields": ("name", "dataset", "preset", "strategy")}),
        (gettext_lazy("What is varied"), {"fields": (("first", "first_values"), ("second", "second_values"))}),
        (gettext_lazy("What all trials share"), {"fields": ("changes",)}),
    )

    def get_form(self, request: HttpRequest, obj: Sweep | None = None, **kwargs: Any) -> Any:
        """Use the form of a new sweep, or that of its name."""
        return SweepForm if obj is None else super().get_form(request, obj, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Sweep | None = None) -> Any:
        """Ask for recipe and space, or show what is known."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Sweep | None = None) -> Any:
        """Only the name is changed by hand."""
        return () if obj is None else (*self.readonly_fields, "created_by", "created_at")

    def save_model(self, request: HttpRequest, obj: Sweep, form: Any, change: bool) -> None:
        """Queue a new sweep, or save the name."""
        if change:
            obj.save(update_fields=["name"])
            return
        obj.pk = form.create(request.user).pk
        obj.refresh_from_db()

    def response_add(self, request: HttpRequest, obj: Sweep, post_url_continue: Any = None) -> HttpResponse:
        """Show how the sweep goes."""
        return redirect(obj)

    def delete_model(self, request: HttpRequest, obj: Sweep) -> None:
        """Delete it with its runs."""
        creation.delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Sweep]) -> None:
        """Delete them with their runs."""
        for sweep in queryset:
            creation.delete(sweep)

    @admin.action(description=gettext_lazy("Cancel the chosen ones"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Sweep]) -> None:
        """Cancel every trial that has not ended."""
        count = sum(creation.cancel(sweep) for sweep in queryset)
        words = ngettext("%(count)d job is being cancelled.", "%(count)d jobs are being cancelled.", count)
        self.message_user(request, words % {"count": count})

    @display(description=gettext_lazy("state"), label=STATE_COLOURS)
    def shown_state(self, sweep: Sweep) -> tuple[str, str]:
        """Where it stands."""
        return sweep.progress.state, str(sweep.progress.state.label)

    @display(description=gettext_lazy("state"))
    def state_text(self, sweep: Sweep) -> str:
        """Where it stands, in a word."""
        return str(sweep.progress.state.label)

    @display(description=gettext_lazy("trials"))
    def shown_progress(self, sweep: Sweep) -> str:
        """Trials ended, of how many."""
        return f"{sweep.progress.ended} / {sweep.progress.total}"

    @display(description=gettext_lazy("best validation accuracy"))
    def best_accuracy(self, sweep: Sweep) -> str:
        """Of the trials that ended well."""
        best = sweep.best()
        return "—" if best is None else f"{best.run.validation_accuracy:.2%}"

    @display(description=gettext_lazy("page"))
    def page(self, sweep: Sweep) -> SafeString:
        """Link to the public page."""
        return format_html('<a href="{}">{}</a>', sweep.get_absolute_url(), _("table"))
