"""Columns of the lists of runs, on the public page and in the admin: all of them, and a person's choice."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from recognizer.templatetags.recognizer_format import grouped, percent
from training.core.hyperparameters import FIELDS
from training.runs import services
from training.runs.models import ListColumns, Run, RunDataset
from training.runs.templatetags.runs_format import duration
from training.runs.web.hyperparameter_text import shown

COOKIE = "run-columns"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class RunColumn:
    """One column.

    Attributes:
        key: its name in addresses and in stored choices; a hyperparameter's begins with `hp-`.
        label: its heading.
        text: its text for a run.
        order: the field to sort by, or "".
        is_number: whether it is set to the right; its largest comes first.
        is_moment: whether it is a date with a time, which is not wrapped.
        is_of_recipe: whether it shows what was chosen before the run began.
        short: its heading beside the value, where there is little room; "": the same.

    """

    key: str
    label: Any
    text: Callable[[Run], str]
    order: str = ""
    is_number: bool = False
    is_moment: bool = False
    is_of_recipe: bool = False
    short: Any = ""

    @property
    def is_hyperparameter(self) -> bool:
        """Whether it shows a hyperparameter."""
        return self.key.startswith("hp-")

    def ordering(self, *, descending: bool) -> OrderBy:
        """Sort by it; runs that have no value come last either way."""
        field = F(self.order)
        return field.desc(nulls_last=True) if descending else field.asc(nulls_last=True)


def _moment(value: Any) -> str:
    return date_format(localtime(value), "SHORT_DATETIME_FORMAT") if value else "—"


def _progress(run: Run) -> str:
    return f"{run.epoch} / {run.epochs}"


_PLAIN = (
    RunColumn("state", _("state"), lambda run: str(run.get_state_display()), "state"),
    RunColumn("epoch", _("epoch"), _progress, "epoch", is_number=True),
    RunColumn("worker", _("worker"), lambda run: run.worker or "—", "worker"),
    RunColumn(
        "datasets",
        _("data sets"),
        lambda run: ", ".join(source.name for source in run.sources.all()),
        is_of_recipe=True,
    ),
    RunColumn("preset", _("preset"), lambda run: run.preset or "—", "preset", is_of_recipe=True),
    RunColumn("layers", _("hidden layers"), lambda run: run.architecture, is_of_recipe=True),
    RunColumn(
        "best",
        _("best validation accuracy"),
        lambda run: percent(run.best_validation_accuracy, 2),
        "best_validation_accuracy",
        is_number=True,
        short=_("best"),
    ),
    RunColumn("best-epoch", _("best epoch"), lambda run: str(run.best_epoch or "—"), "best_epoch", is_number=True),
    RunColumn(
        "validation",
        _("last validation accuracy"),
        lambda run: percent(run.validation_accuracy, 2),
        "validation_accuracy",
        is_number=True,
        short=_("last"),
    ),
    RunColumn(
        "test",
        _("test accuracy"),
        lambda run: percent(run.test_accuracy, 2),
        "test_accuracy",
        is_number=True,
        short=_("test"),
    ),
    RunColumn("time", _("time"), lambda run: duration(run.seconds), is_number=True),
    RunColumn(
        "images", _("training images"), lambda run: grouped(run.training_images), "training_images", is_number=True
    ),
    RunColumn("tags", _("tags"), lambda run: ", ".join(tag.name for tag in run.tags.all()) or "—"),
    RunColumn("notes", _("notes"), lambda run: Truncator(run.notes).chars(80) or "—"),
    RunColumn("priority", _("priority"), lambda run: str(run.priority), "priority", is_number=True),
    RunColumn("created", _("created"), lambda run: _moment(run.created_at), "created_at", is_moment=True),
    RunColumn("started", _("started"), lambda run: _moment(run.started_at), "started_at", is_moment=True),
    RunColumn("finished", _("finished"), lambda run: _moment(run.finished_at), "finished_at", is_moment=True),
)


def _of_hyperparameter(name: str) -> RunColumn:
    field = FIELDS[name]
    is_number = field.kind in ("integer", "number")

    def text(run: Run) -> str:
        return shown(run.hyperparameters[name]) if name in run.hyperparameters else "—"

    label = _(field.label)
    return RunColumn(f"hp-{name}", label, text, f"hyperparameters__{name}", is_number=is_number, is_of_recipe=True)


COLUMNS = {column.key: column for column in (*_PLAIN, *map(_of_hyperparameter, FIELDS))}
OF_STAFF = ("worker",)
"""Names of machines and processes."""
DEFAULT = ("state", "epoch", "validation", "best", "test", "time", "datasets", "preset", "created")


def with_names(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Runs with the names of their data sets and their tags, by two queries for all; confusion matrices stay away."""
    return runs.prefetch_related(Prefetch("sources", RunDataset.objects.defer("confusion")), "tags")


def known(keys: Iterable[Any]) -> list[str]:
    """The keys that name columns, each once."""
    return list(dict.fromkeys(key for key in keys if isinstance(key, str) and key in COLUMNS))


def chosen(request: HttpRequest) -> list[RunColumn]:
    """The columns that this person has chosen, or the default ones."""
    if request.user.is_authenticated:
        kept = ListColumns.objects.filter(user=request.user.pk).values_list("keys", flat=True).first() or []
    else:
        kept = request.COOKIES.get(COOKIE, "").split(".")
    shown = offered(request)
    return [shown[key] for key in known(kept) or DEFAULT if key in shown]


def offered(request: HttpRequest) -> dict[str, RunColumn]:
    """The columns that this person may see: where a run is trained is nothing for visitors."""
    hidden = () if is_of_staff(request) else OF_STAFF
    return {key: column for key, column in COLUMNS.items() if key not in hidden}


def is_of_staff(request: HttpRequest) -> bool:
    """Whether this person may know on which machines runs are trained."""
    return request.user.has_perm("runs.view_run")


def keep(request: HttpRequest, response: HttpResponse, keys: Iterable[str]) -> None:
    """Keep a person's choice: in the database, or in a cookie if nobody has signed in."""
    if request.user.is_authenticated:
        services.choose_columns(request.user.pk, known(keys))
    else:
        response.set_cookie(COOKIE, ".".join(known(keys)), max_age=YEAR, samesite="Lax", httponly=True)


def heads(shown: Sequence[RunColumn], sort: str) -> list[dict[str, Any]]:
    """Each column with the order that a click leads to, and its present one: "", "ascending" or "descending"."""
    now = {sort.removeprefix("-"): "descending" if sort.startswith("-") else "ascending"} if sort else {}
    return [{"column": column, "sorted": now.get(column.key, ""), "leads_to": _next(column, sort)} for column in shown]


def _next(column: RunColumn, sort: str) -> str:
    """Numbers begin with the largest, texts with the first; a second click reverses the order."""
    first, other = (f"-{column.key}", column.key) if column.is_number else (column.key, f"-{column.key}")
    return other if sort == first else first
