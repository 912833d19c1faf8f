"""Runs and evaluations in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from training.core.hyperparameters import FIELDS
from training.jobs import lifecycle
from training.jobs.models import Job, State
from training.runs.forms import EvaluationForm, RunForm
from training.runs.models import Evaluation, Run
from training.runs.presentation import GROUPS, as_text

STATE_COLOURS = {
    State.QUEUED: "info",
    State.RUNNING: "warning",
    State.SUCCEEDED: "success",
    State.FAILED: "danger",
    State.CANCELLED: "info",
}


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.2%}"


class JobAdmin(ModelAdmin):
    """What all jobs here have in common: made by a form, then only read, cancelled or deleted."""

    actions = ("cancel",)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Offer one button: what is queued is not edited further."""
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        response: HttpResponse = super().add_view(request, form_url, (extra_context or {}) | buttons)
        return response

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """A job is not changed by hand; the permission to change means the permission to cancel."""
        return obj is None and super().has_change_permission(request, obj)

    @display(description=_("state"), label=STATE_COLOURS, ordering="state")
    def shown_state(self, job: Job) -> tuple[str, str]:
        """The state with its colour."""
        return job.state, str(job.get_state_display())

    @admin.action(description=_("Cancel the chosen ones"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """End what waits, and ask the workers of what runs to stop."""
        stopped = sum(lifecycle.request_cancel(job) for job in queryset)
        self.message_user(request, _("%(count)d cancelled or told to stop.") % {"count": stopped})


def _add_fieldsets() -> tuple[tuple[Any, dict[str, Any]], ...]:
    """The form of a new run: what to train, then the hyperparameters by group, three in a row."""
    first = (None, {"fields": ("datasets", ("preset", "model_name", "priority"))})
    names = {group: [name for name, field in FIELDS.items() if field.group == group] for group in GROUPS}
    rows = {
        group: tuple(tuple(of_group[i : i + 3]) for i in range(0, len(of_group), 3))
        for group, of_group in names.items()
    }
    return (first, *((_(GROUPS[group]), {"fields": rows[group]}) for group in GROUPS if rows[group]))


@admin.register(Run)
class RunAdmin(JobAdmin):
    """Trainings. A new one is queued at once; its public page shows how it goes."""

    list_display = (
        "number",
        "name",
        "shown_state",
        "shown_progress",
        "best",
        "test",
        "created_at",
        "page",
    )
    list_filter = ("state", "preset", "datasets")
    search_fields = ("name", "worker", "weights_sha256")
    fields = readonly_fields = (
        "name",
        "page",
        "state",
        "shown_progress",
        "error",
        "best",
        "test",
        "stored_model",
        "preset",
        "recipe_text",
        "priority",
        "worker",
        "attempt",
        "weights_sha256",
        "created_by",
        "created_at",
        "started_at",
        "finished_at",
    )
    add_fieldsets = _add_fieldsets()
    compressed_fields = False

    def get_form(self, request: HttpRequest, obj: Run | None = None, **kwargs: Any) -> Any:
        """Use the form of a new run, or show one that is there."""
        return RunForm if obj is None else super().get_form(request, obj, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Run | None = None) -> Any:
        """Leave a run as it is."""
        return () if obj is None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Run, form: Any, change: bool) -> None:
        """Queue a new run."""
        obj.pk = form.create(request.user).pk
        obj.refresh_from_db()

    def response_add(self, request: HttpRequest, obj: Run, post_url_continue: Any = None) -> HttpResponse:
        """Show how the run goes."""
        return redirect(obj)

    @display(description="№", ordering="pk")
    def number(self, run: Run) -> int:
        """Its number."""
        return run.pk

    @display(description=_("progress"))
    def shown_progress(self, run: Run) -> str:
        """Epochs done, of how many."""
        return f"{run.epoch} / {run.epochs}"

    @display(description=_("best validation accuracy"), ordering="best_validation_accuracy")
    def best(self, run: Run) -> str:
        """The best, not the last."""
        return _share(run.best_validation_accuracy)

    @display(description=_("test accuracy"), ordering="test_accuracy")
    def test(self, run: Run) -> str:
        """Over the images of all its data sets."""
        return _share(run.test_accuracy)

    @display(description=_("hyperparameters"))
    def recipe_text(self, run: Run) -> str:
        """All of them, as the command line takes them."""
        texts = {name: as_text(value) for name, value in run.hyperparameters.items() if value not in ([], "")}
        return ", ".join(f"{name}={text}" for name, text in texts.items())

    @display(description=_("page"))
    def page(self, run: Run) -> SafeString:
        """Link to the public page."""
        return format_html('<a href="{}">{}</a>', run.get_absolute_url(), _("curves"))


@admin.register(Evaluation)
class EvaluationAdmin(JobAdmin):
    """Scorings of models on data sets. A new one is queued at once."""

    form = EvaluationForm
    list_display = ("model", "dataset", "part", "shown_state", "images", "shown_accuracy", "shown_top5", "created_at")
    list_filter = ("state", "part", "dataset", "model")
    fields = readonly_fields = (
        "model",
        "dataset",
        "part",
        "state",
        "error",
        "images",
        "shown_accuracy",
        "shown_top5",
        "worker",
        "created_by",
        "created_at",
        "started_at",
        "finished_at",
    )

    def get_fields(self, request: HttpRequest, obj: Evaluation | None = None) -> Any:
        """Ask only for what a new one needs."""
        return ("model", "dataset", "part") if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Evaluation | None = None) -> Any:
        """Leave one that is there as it is."""
        return () if obj is None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Evaluation, form: Any, change: bool) -> None:
        """Queue a new one."""
        lifecycle.enqueue(obj, by=request.user)

    @display(description=_("accuracy"), ordering="accuracy")
    def shown_accuracy(self, job: Evaluation) -> str:
        """Share read right."""
        return _share(job.accuracy)

    @display(description=_("among the five best"), ordering="top5")
    def shown_top5(self, job: Evaluation) -> str:
        """Share whose letter was among the five most probable."""
        return _share(job.top5)
