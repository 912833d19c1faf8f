"""Runs and evaluations in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from training.core.hyperparameters import FIELDS
from training.jobs.admin import JobAdmin
from training.runs.creation import retry_run
from training.runs.forms import EvaluationForm, RunForm
from training.runs.models import Evaluation, Run
from training.runs.presentation import GROUPS, as_text


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.2%}"


def _add_fieldsets() -> tuple[tuple[Any, dict[str, Any]], ...]:
    """The form of a new run: what to train, then the hyperparameters by group, three in a row."""
    first = (None, {"fields": ("datasets", ("preset", "model_name", "priority"))})
    names = {group: [name for name, field in FIELDS.items() if field.group == group] for group in GROUPS}
    rows = {
        group: tuple(tuple(of_group[i : i + 3]) for i in range(0, len(of_group), 3))
        for group, of_group in names.items()
    }
    rows["cost"] += (("teachers",),)
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
    asked = ()  # its form has fieldsets
    told = (
        "name",
        "page",
        "shown_progress",
        "best",
        "test",
        "stored_model",
        "preset",
        "recipe_text",
        "priority",
        "attempt",
        "weights_sha256",
    )
    add_fieldsets = _add_fieldsets()
    compressed_fields = False

    def get_form(self, request: HttpRequest, obj: Run | None = None, **kwargs: Any) -> Any:
        """Use the form of a new run, or show one that is there."""
        return RunForm if obj is None else super().get_form(request, obj, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Queue a new run."""
        obj.pk = form.create(request.user).pk
        obj.refresh_from_db()

    def tried_again(self, job: Any) -> bool:
        """Queue one run anew, from its first epoch."""
        return retry_run(job)

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
    asked = ("model", "dataset", "part")
    told = (*asked, "images", "shown_accuracy", "shown_top5")

    @display(description=_("accuracy"), ordering="accuracy")
    def shown_accuracy(self, job: Evaluation) -> str:
        """Share read right."""
        return _share(job.accuracy)

    @display(description=_("among the five best"), ordering="top5")
    def shown_top5(self, job: Evaluation) -> str:
        """Share whose letter was among the five most probable."""
        return _share(job.top5)
