"""Runs and evaluations in the admin."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.careful_admin import careful
from training.core.hyperparameters import FIELDS, HyperparameterError
from training.jobs.admin import STATE_COLOURS, JobAdmin, StartedByFormAdmin
from training.jobs.models import Job
from training.runs import services
from training.runs.models import Evaluation, Run
from training.runs.web.clone_form import like, run_named
from training.runs.web.comparison import MOST_RUNS
from training.runs.web.forms import EvaluationForm, RunForm
from training.runs.web.hyperparameter_text import as_text
from training.runs.web.listing import run_columns, run_export, told_apart
from training.runs.web.listing.run_columns import RunColumn
from training.runs.web.listing.search_query import search
from training.runs.web.notes_form import NotesForm


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.2%}"


PARTS = (
    (_("More: network"), ("network",)),
    (_("More: training"), ("cost", "optimizer", "schedule")),
    (_("More: augmentation"), ("augmentation",)),
    (_("More: data"), ("data",)),
)
"""What the form of a new run keeps folded, with the groups of hyperparameters of each."""


def _add_fieldsets() -> tuple[tuple[Any, dict[str, Any]], ...]:
    """The form of a new run: what to train, by which preset, its name; all else is folded, three in a row."""
    first = ("datasets", "shares_shown", "copied_from", "preset", "model_name")
    last = [name for name, field in FIELDS.items() if field.group == "run"]
    return (
        (None, {"fields": first}),
        *((title, _folded(_rows(groups))) for title, groups in PARTS),
        (_("More: notes, order"), _folded((("tags", "notes"), ("priority", *last)))),
    )


def _rows(groups: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The hyperparameters of these groups, three in a row; the teachers stand with the cost."""
    rows: list[tuple[str, ...]] = []
    for group in groups:
        names = [name for name, field in FIELDS.items() if field.group == group]
        rows += [tuple(names[start : start + 3]) for start in range(0, len(names), 3)]
        rows += [("teachers",)] if group == "cost" else []
    return tuple(rows)


def _folded(rows: tuple[tuple[str, ...], ...]) -> dict[str, Any]:
    return {"fields": rows, "classes": ["collapse"]}


@admin.register(Run)
class RunAdmin(JobAdmin):
    """Trainings. A new one is queued at once; its public page shows how it goes."""

    list_filter = ("state", "preset", "is_trial")
    search_fields = ("name",)  # see get_search_results
    list_per_page = 15  # of many columns
    search_help_text = _("Words, or conditions on any hyperparameter: learning_rate>=0.01 optimizer=adamw")
    actions = (*JobAdmin.actions, "compare", "export_csv", "export_json")
    actions_list = ("choose_columns",)
    start_label = _("Start training")
    add_fields = ()  # its form has fieldsets
    detail_fields = (
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

    class Media:
        js = (forms.Script("js/admin_live.js", type="module"),)

    def get_form(self, request: HttpRequest, obj: Run | None = None, **kwargs: Any) -> Any:
        """The form of a new run, or that of the notes of an existing one."""
        return RunForm if obj is None else careful(NotesForm)

    def get_fields(self, request: HttpRequest, obj: Job | None = None) -> Any:
        """As of every job; notes and tags can be changed at any time."""
        fields = super().get_fields(request, obj)
        return fields if obj is None else ("notes", "tags", *fields)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Initial values from the run that the address names with `like`."""
        other = run_named(request.GET.get("like", ""))
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return (
            initial
            if other is None
            else like(other) | {name: request.GET[name] for name in FIELDS if name in request.GET}
        )

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """People may change notes and tags, nothing else."""
        allowed: bool = StartedByFormAdmin.has_change_permission(self, request, obj)
        return allowed

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Create a new run, or save the notes and tags of an existing one."""
        if change:
            services.set_notes(obj, form.cleaned_data["notes"])
            services.set_tags(obj, form.cleaned_data["tags"])
            return
        obj.pk = form.create(request.user).pk
        obj.refresh_from_db()

    def response_add(self, request: HttpRequest, obj: Run, post_url_continue: Any = None) -> HttpResponse:
        """Go to the run's page."""
        return redirect(obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        """All runs, with the rows that the list needs."""
        runs: QuerySet[Run] = super().get_queryset(request)
        return run_columns.with_names(runs.select_related("trial__sweep"))

    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns that this person has chosen, between its number and its page."""
        return ("number", "told_apart", *map(self._shown, run_columns.chosen(request)), "page")

    def _shown(self, column: RunColumn) -> Any:
        """A column in the form that the admin expects."""
        if column.key == "state":
            return "shown_state"

        @display(description=column.label, ordering=column.ordering(descending=False) if column.order else None)
        def cell(run: Run) -> str:
            return column.text(run)

        cell.__name__ = column.key.replace("-", "_")
        return cell

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Run], search_term: str
    ) -> tuple[QuerySet[Run], bool]:
        """Find by words and by conditions on hyperparameters, as the public list does."""
        try:
            return search(queryset, search_term, of_staff=True), False
        except HyperparameterError as error:
            self.message_user(request, str(error), messages.ERROR)
            return queryset.none(), False

    def retry_job(self, job: Any) -> bool:
        """Queue one run again, from its first epoch."""
        return services.retry_run(job)

    @action(description=_("Columns"), icon="view_column", permissions=["view"])
    def choose_columns(self, request: HttpRequest) -> HttpResponse:
        """Go to the page that chooses the list's columns."""
        here = urlencode({"next": reverse("admin:runs_run_changelist")})
        return redirect(f"{reverse('runs:columns')}?{here}")

    @admin.action(description=_("Compare the chosen ones"), permissions=["view"])
    def compare(self, request: HttpRequest, queryset: QuerySet[Run]) -> HttpResponse:
        """Go to the page that compares them."""
        keys = urlencode({"run": list(queryset.values_list("pk", flat=True)[:MOST_RUNS])}, doseq=True)
        return redirect(f"{reverse('runs:compare')}?{keys}")

    @admin.action(description=_("Export the chosen ones as CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Run]) -> StreamingHttpResponse:
        """A file with times, durations, figures and every hyperparameter."""
        return run_export.response(queryset, "csv", request.GET, run_export.OF_STAFF)

    @admin.action(description=_("Export the chosen ones as JSON"), permissions=["view"])
    def export_json(self, request: HttpRequest, queryset: QuerySet[Run]) -> StreamingHttpResponse:
        """The same as JSON."""
        return run_export.response(queryset, "json", request.GET, run_export.OF_STAFF)

    @display(description="№", ordering="pk")
    def number(self, run: Run) -> int:
        """Its number."""
        return run.pk

    @display(description=_("name of the model"), ordering="name")
    def told_apart(self, run: Run) -> SafeString:
        """Its name, its sweep, and what tells it from others."""
        sweep = told_apart.sweep_of(run)
        parts = [f"{_('Sweep')} {sweep.pk}"] if sweep else []
        parts += filter(None, [told_apart.alone(run)])
        return format_html('<span class="told-apart">{}<small>{}</small></span>', run.name, " · ".join(parts))

    @display(description=_("state"), label=STATE_COLOURS, ordering="state")
    def shown_state(self, run: Job) -> tuple[str, str]:
        """The state with its colour; of a running one also its progress and a request to it."""
        words = str(run.get_state_display())
        if run.is_running:
            words += f" · {run.progress:.0%}"
        if run.request is not None:
            words += f" → {run.request.label}"
        return run.state, words

    @display(description=_("progress"))
    def shown_progress(self, run: Run) -> str:
        """Epochs done, of all."""
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
    start_label = _("Evaluate")
    list_display = ("model", "dataset", "split", "shown_state", "images", "shown_accuracy", "shown_top5", "created_at")
    list_filter = ("state", "split")
    list_select_related = ("model", "dataset")
    search_fields = ("model__name", "dataset__name")
    add_fields = ("model", "dataset", "split")
    detail_fields = (*add_fields, "images", "shown_accuracy", "shown_top5")

    def response_add(self, request: HttpRequest, obj: Evaluation, post_url_continue: Any = None) -> HttpResponse:
        """Go to the model's page, which shows its evaluations."""
        return redirect(f"{obj.model.get_absolute_url()}#evaluations")

    @display(description=_("accuracy"), ordering="accuracy")
    def shown_accuracy(self, job: Evaluation) -> str:
        """Share read right."""
        return _share(job.accuracy)

    @display(description=_("among the five best"), ordering="top5")
    def shown_top5(self, job: Evaluation) -> str:
        """Share whose letter was among the five most probable."""
        return _share(job.top5)
