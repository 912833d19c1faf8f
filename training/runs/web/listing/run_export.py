"""Runs as tables for other programs: CSV and JSON, with start times, durations and every hyperparameter."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.http import StreamingHttpResponse

from recognizer import csv_files
from training.core.hyperparameters import FIELDS
from training.runs.models import Epoch, Run

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
OF_STAFF = (*PLAIN, "worker")
"""The same with machines and processes, which are nothing for visitors."""


def response(
    runs: QuerySet[Run], kind: str, asked: Mapping[str, str], columns: Sequence[str] = PLAIN
) -> StreamingHttpResponse:
    """A file, `csv` or `json`, that is written while it is sent; an address may ask for a style of CSV."""
    name = f"runs.{kind}"
    if kind == "csv":
        return csv_files.response(table(runs, columns), name, asked)
    answer = StreamingHttpResponse(as_json(runs, columns), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def records(runs: QuerySet[Run], columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """One record a run: its fields, times in ISO 8601, durations in seconds, accuracies (0…1).

    Each is made while it is sent: the seconds of its epochs are added up for it alone.
    """
    of_its_epochs = Epoch.objects.filter(run=OuterRef("pk")).order_by().values("run").annotate(sum=Sum("seconds"))
    with_time = runs.annotate(training_seconds=Subquery(of_its_epochs.values("sum")))
    return (_record(run, columns) for run in with_time.iterator(chunk_size=CHUNK))


def _record(run: Run, columns: Sequence[str]) -> dict[str, Any]:
    other = {
        "run": run.pk,
        "data_sets": [source.name for source in run.sources.all()],
        "tags": [tag.name for tag in run.tags.all()],
        "created_at": _iso(run.created_at),
        "started_at": _iso(run.started_at),
        "finished_at": _iso(run.finished_at),
        "epochs_done": run.epoch,
    }
    values = {name: other[name] if name in other else getattr(run, name) for name in columns}
    return values | {"hyperparameters": run.hyperparameters}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def as_json(runs: QuerySet[Run], columns: Sequence[str]) -> Iterator[str]:
    """Write a list of records, one a line."""
    yield "["
    for number, record in enumerate(records(runs, columns)):
        yield f"{',' if number else ''}\n{json.dumps(record, ensure_ascii=False)}"
    yield "\n]\n"


def table(runs: QuerySet[Run], columns: Sequence[str]) -> Iterator[Sequence[Any]]:
    """A head and one row a run; each hyperparameter has a column of its own."""
    yield (*columns, *FIELDS)
    for record in records(runs, columns):
        yield [record[name] for name in columns] + [record["hyperparameters"].get(name) for name in FIELDS]
