"""Runs as tables for other programs: CSV and JSON, with start times, durations and every hyperparameter."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import StreamingHttpResponse

from training.core.hyperparameters import FIELDS
from training.runs.models import Run

CHUNK = 500
PLAIN = (
    "run",
    "name",
    "state",
    "error",
    "preset",
    "data_sets",
    "tags",
    "notes",
    "worker",
    "created_at",
    "started_at",
    "finished_at",
    "seconds",
    "training_seconds",
    "epochs_done",
    "best_validation_accuracy",
    "best_epoch",
    "validation_accuracy",
    "test_accuracy",
    "weights_sha256",
)
"""Columns of the CSV file before the hyperparameters."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be reckoned out by a spreadsheet."""


def response(runs: QuerySet[Run], kind: str) -> StreamingHttpResponse:
    """Answer with a file, `csv` or `json`, that is written while it is sent."""
    content_type, write = FORMATS[kind]
    answer = StreamingHttpResponse(write(runs), content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="runs.{kind}"'
    return answer


def records(runs: QuerySet[Run]) -> Iterator[dict[str, Any]]:
    """Give one record a run: what it is, its times in ISO 8601, its durations in seconds, its figures (0…1)."""
    with_time = runs.annotate(training_seconds=Sum("rows__seconds")).prefetch_related("sources", "tags")
    return map(_record, with_time.iterator(chunk_size=CHUNK))


def _record(run: Run) -> dict[str, Any]:
    other = {
        "run": run.pk,
        "data_sets": [source.name for source in run.sources.all()],
        "tags": [tag.name for tag in run.tags.all()],
        "created_at": _iso(run.created_at),
        "started_at": _iso(run.started_at),
        "finished_at": _iso(run.finished_at),
        "epochs_done": run.epoch,
    }
    values = {name: other[name] if name in other else getattr(run, name) for name in PLAIN}
    return values | {"hyperparameters": run.hyperparameters}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def as_json(runs: QuerySet[Run]) -> Iterator[str]:
    """Write a list of records, one a line."""
    yield "["
    for number, record in enumerate(records(runs)):
        yield f"{',' if number else ''}\n{json.dumps(record, ensure_ascii=False)}"
    yield "\n]\n"


class _Echo:
    """A file that hands back what is written to it."""

    @staticmethod
    def write(text: str) -> str:
        return text


def as_csv(runs: QuerySet[Run]) -> Iterator[str]:
    """Write a head and one row a run; each hyperparameter has a column of its own, lists have spaces between."""
    writer = csv.writer(_Echo())
    yield writer.writerow((*PLAIN, *FIELDS))
    for record in records(runs):
        values = [record[name] for name in PLAIN] + [record["hyperparameters"].get(name) for name in FIELDS]
        yield writer.writerow([_cell(value) for value in values])


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = " ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


FORMATS = {"csv": ("text/csv; charset=utf-8", as_csv), "json": ("application/json", as_json)}
