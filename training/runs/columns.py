"""Columns of the lists of runs, on the public page and in the admin: which there are, and which a person has chosen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from recognizer.templatetags.recognizer_format import grouped, percent
from training.core.hyperparameters import FIELDS
from training.runs.models import ListColumns, Run
from training.runs.presentation import as_text
from training.runs.templatetags.runs_format import duration

COOKIE = "run-columns"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        key: its name in addresses and in what is kept; a hyperparameter's begins with `hp-`.
        label: what its head says.
        text: what it shows of a run.
        order: the field to sort by, or "".
        is_number: whether it is set to the right; its largest comes first.
        is_moment: whether it is a date with a time, which stays in one line.

    """

    key: str
    label: Any
    text: Callable[[Run], str]
    order: str = ""
    is_number: bool = False
    is_moment: bool = False

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
    Column("state", _("state"), lambda run: str(run.get_state_display()), "state"),
    Column("epoch", _("epoch"), _progress, "epoch", is_number=True),
    Column("worker", _("worker"), lambda run: run.worker or "—", "worker"),
    Column("datasets", _("data sets"), lambda run: ", ".join(source.name for source in run.sources.all())),
    Column("preset", _("preset"), lambda run: run.preset or "—", "preset"),
    Column("layers", _("hidden layers"), lambda run: run.architecture),
    Column(
        "best",
        _("best validation accuracy"),
        lambda run: percent(run.best_validation_accuracy, 2),
        "best_validation_accuracy",
        is_number=True,
    ),
    Column("best-epoch", _("best epoch"), lambda run: str(run.best_epoch or "—"), "best_epoch", is_number=True),
    Column(
        "validation",
        _("last validation accuracy"),
        lambda run: percent(run.validation_accuracy, 2),
        "validation_accuracy",
        is_number=True,
    ),
    Column("test", _("test accuracy"), lambda run: percent(run.test_accuracy, 2), "test_accuracy", is_number=True),
    Column("time", _("time"), lambda run: duration(run.seconds), is_number=True),
    Column("images", _("training images"), lambda run: grouped(run.training_images), "training_images", is_number=True),
    Column("tags", _("tags"), lambda run: ", ".join(tag.name for tag in run.tags.all()) or "—"),
    Column("notes", _("notes"), lambda run: Truncator(run.notes).chars(80) or "—"),
    Column("priority", _("priority"), lambda run: str(run.priority), "priority", is_number=True),
    Column("created", _("created"), lambda run: _moment(run.created_at), "created_at", is_moment=True),
    Column("started", _("started"), lambda run: _moment(run.started_at), "started_at", is_moment=True),
    Column("finished", _("finished"), lambda run: _moment(run.finished_at), "finished_at", is_moment=True),
)


def _of_hyperparameter(name: str) -> Column:
    field = FIELDS[name]
    is_number = field.kind in ("integer", "number")

    def text(run: Run) -> str:
        return as_text(run.hyperparameters[name]) if name in run.hyperparameters else "—"

    label = _(field.label)
    return Column(f"hp-{name}", label, text, f"hyperparameters__{name}", is_number=is_number)


COLUMNS = {column.key: column for column in (*_PLAIN, *map(_of_hyperparameter, FIELDS))}
DEFAULT = ("state", "epoch", "datasets", "preset", "layers", "best", "test", "time", "tags", "created")


def known(keys: Iterable[Any]) -> list[str]:
    """Those of the keys that are columns, each once."""
    return list(dict.fromkeys(key for key in keys if isinstance(key, str) and key in COLUMNS))


def chosen(request: HttpRequest) -> list[Column]:
    """The columns that this person sees: as chosen once, or the usual ones."""
    if request.user.is_authenticated:
        kept = ListColumns.objects.filter(user=request.user.pk).values_list("keys", flat=True).first() or []
    else:
        kept = request.COOKIES.get(COOKIE, "").split(".")
    return [COLUMNS[key] for key in known(kept) or DEFAULT]


def keep(request: HttpRequest, response: HttpResponse, keys: Iterable[str]) -> None:
    """Keep a person's choice: in the database, or in a cookie of who has not signed in."""
    if request.user.is_authenticated:
        ListColumns.objects.update_or_create(user_id=request.user.pk, defaults={"keys": known(keys)})
    else:
        response.set_cookie(COOKIE, ".".join(known(keys)), max_age=YEAR, samesite="Lax", httponly=True)


def heads(shown: Sequence[Column], sort: str) -> list[dict[str, Any]]:
    """Each column with the order that its head leads to and the one that it has: "", "ascending" or "descending"."""
    now = {sort.removeprefix("-"): "descending" if sort.startswith("-") else "ascending"} if sort else {}
    return [{"column": column, "sorted": now.get(column.key, ""), "leads_to": _next(column, sort)} for column in shown]


def _next(column: Column, sort: str) -> str:
    """The best of a number first, the first of a text; a second click turns it round."""
    first, other = (f"-{column.key}", column.key) if column.is_number else (column.key, f"-{column.key}")
    return other if sort == first else first
