"""Sweeps in the admin: start, watch, cancel, delete."""

from collections.abc import Sequence
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

from recognizer.templatetags.recognizer_format import percent
from training.core.hyperparameters import FIELDS
from training.jobs.admin import STATE_COLOURS, StartedByFormAdmin
from training.runs.models import Run
from training.sweeps import services
from training.sweeps.models import Sweep
from training.sweeps.space import axis_text
from training.sweeps.web import listing
from training.sweeps.web.forms import SweepForm, axis_field_name
from training.sweeps.web.tables import label

FIRST = ("learning_rate", "batch_size", "hidden_layers", "l2")
HOW_TO_TYPE = gettext_lazy(
    "Values separated by commas: 0.1, 0.01. Layers: 256-128; 64. A range: 0.001 … 0.1, or 0.001 … 0.1 log; "
    "with a number of steps for a grid: 0.001 … 0.1 log 5."
)


def _rows(names: Sequence[str], width: int) -> tuple[tuple[str, ...], ...]:
    """Fields of hyperparameters, `width` in a row."""
    fields = [axis_field_name(name) for name in names]
    return tuple(tuple(fields[start : start + width]) for start in range(0, len(fields), width))


@admin.register(Sweep)
class SweepAdmin(StartedByFormAdmin):
    """Sweeps. A new one is queued at once; its public page shows how it goes."""

    list_display = ("name", "shown_state", "shown_progress", "best_accuracy", "dataset", "created_at", "page")
    start_label = gettext_lazy("Start search")
    list_filter = ("strategy",)
    list_select_related = ("dataset",)
    search_fields = ("name", "dataset__name")
    actions = ("pause", "resume", "stop", "cancel")
    readonly_fields = (
        "page",
        "state_text",
        "shown_progress",
        "best_accuracy",
        "dataset",
        "strategy",
        "preset",
        "space_text",
    )
    fields = ("name", *readonly_fields, "created_by", "created_at")
    add_fieldsets = (
        (None, {"fields": (("name", "dataset"), ("preset", "strategy"), "changes")}),
        (gettext_lazy("Several data sets"), {"fields": ("further",), "classes": ["collapse"]}),
        (gettext_lazy("What is varied"), {"fields": _rows(FIRST, 2), "description": HOW_TO_TYPE}),
        (
            gettext_lazy("What else can be varied"),
            {"fields": _rows([name for name in FIELDS if name not in FIRST], 3), "classes": ["collapse"]},
        ),
        (
            gettext_lazy("When it ends"),
            {"fields": (("max_trials", "max_hours"), ("parallel", "target"), ("patience", "prune"))},
        ),
        (
            gettext_lazy("What it pursues, and repeats"),
            {"fields": (("second_objective", "seed"), ("repeat_best", "repeats"))},
        ),
    )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, with the trials of all that it shows counted at once."""
        shown = super().get_changelist_instance(request)
        listing.count_trials(shown.result_list)
        return shown

    def get_form(self, request: HttpRequest, obj: Sweep | None = None, **kwargs: Any) -> Any:
        """The form of a new sweep; of an existing one only the name can be changed."""
        return SweepForm if obj is None else super().get_form(request, obj, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Sweep | None = None) -> Any:
        """Recipe and space for a new sweep, its facts for an existing one."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Sweep | None = None) -> Any:
        """An existing sweep: everything but its name."""
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

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Besides the sweeps, how many runs go with them."""
        names, counts, *rest = super().get_deleted_objects(objs, request)
        counts[str(Run._meta.verbose_name_plural)] = Run.objects.filter(trial__sweep__in=objs).count()
        return names, counts, *rest

    def delete_model(self, request: HttpRequest, obj: Sweep) -> None:
        """Delete it with its runs."""
        services.delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Sweep]) -> None:
        """Delete them with their runs."""
        for sweep in queryset:
            services.delete(sweep)

    @admin.action(description=gettext_lazy("Cancel the chosen ones"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Sweep]) -> None:
        """Cancel every trial that has not ended."""
        count = sum(services.cancel(sweep) for sweep in queryset)
        words = ngettext("%(count)d job is being cancelled.", "%(count)d jobs are being cancelled.", count)
        self.message_user(request, words % {"count": count})

    @admin.action(description=gettext_lazy("Pause the chosen ones"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Sweep]) -> None:
        """Propose nothing more and pause the trials."""
        self._report(request, sum(services.pause(sweep) for sweep in queryset))

    @admin.action(description=gettext_lazy("Resume the chosen ones"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Sweep]) -> None:
        """Go on after a pause."""
        self._report(request, sum(services.resume(sweep) for sweep in queryset))

    @admin.action(description=gettext_lazy("Stop the chosen ones"), permissions=["change"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Sweep]) -> None:
        """Make no further trials; those that run end by themselves."""
        self._report(request, sum(services.stop(sweep) for sweep in queryset))

    def _report(self, request: HttpRequest, count: int) -> None:
        words = ngettext("%(count)d sweep was changed.", "%(count)d sweeps were changed.", count)
        self.message_user(request, words % {"count": count})

    @display(description=gettext_lazy("state"), label=STATE_COLOURS)
    def shown_state(self, sweep: Sweep) -> tuple[str, str]:
        """Its state with a colour."""
        return sweep.progress.state, str(sweep.progress.state.label)

    @display(description=gettext_lazy("state"))
    def state_text(self, sweep: Sweep) -> str:
        """Its state."""
        return str(sweep.progress.state.label)

    @display(description=gettext_lazy("trials"))
    def shown_progress(self, sweep: Sweep) -> str:
        """Trials that have ended, and all of them."""
        return f"{sweep.progress.ended} / {sweep.progress.total}"

    @display(description=gettext_lazy("highest last validation accuracy"))
    def best_accuracy(self, sweep: Sweep) -> str:
        """The highest last validation accuracy of its trials."""
        return "—" if sweep.best_accuracy is None else percent(sweep.best_accuracy, 2)

    @display(description=gettext_lazy("space"))
    def space_text(self, sweep: Sweep) -> str:
        """What is varied, as a person would type it."""
        return "\n".join(f"{label(name)}: {axis_text.format_axis(axis)}" for name, axis in sweep.space.items())

    @display(description=gettext_lazy("page"))
    def page(self, sweep: Sweep) -> SafeString:
        """Link to the public page."""
        return format_html('<a href="{}">{}</a>', sweep.get_absolute_url(), _("table"))
