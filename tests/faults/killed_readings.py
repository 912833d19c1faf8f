"""Readings of pages whose worker, or whose command, is killed at one moment after the other.

`check_job` and `check_command` run in a product of their own (`manage.py shell`); what comes of each disturbed reading
is compared with an undisturbed one, byte for byte.
"""

import importlib
import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from recognizer import active_model
from tests.faults.dying import dies, finished
from training.jobs.lifecycle import Reaper
from training.jobs.models import Job, State
from training.jobs.worker import leftovers
from training.paper import cells, page_results, services, tasks
from training.paper.models import PaperReading, ReadingPurpose
from training.paper.rows import each_row

LOOKS = 5
"""Of the reaper: more than heartbeats that may be missed."""


def make_ready() -> None:
    """Load once what every forked process needs: the model in service and what reads pages."""
    importlib.import_module("recognizer.pages.reader")
    importlib.import_module("recognizer.pages.sheets.sheet_reader")
    active_model.get()
    connections.close_all()


def check_job(purpose: str, scans: str, step: int) -> int:
    """Kill a worker at every `step`-th moment of a reading of the files in a folder; return at how many.

    Raises:
        AssertionError: a disturbed reading differs from an undisturbed one.

    """
    calm = _ordered(purpose, Path(scans))
    finished(tasks.read_next, calm.folder)
    expected = _outcome(calm)
    assert json.loads(expected["counts"])["pages"], expected
    count, moment = 0, 1
    while True:
        reading = _ordered(purpose, Path(scans))
        died = dies(tasks.read_next, reading.folder, moment)
        _go_on(reading)
        assert _outcome(reading) == expected, f"killed at moment {moment}"
        if not died:
            return count
        count, moment = count + 1, moment + step


def _ordered(purpose: str, scans: Path) -> PaperReading:
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in sorted(scans.iterdir())]
    reading = services.order(ReadingPurpose(purpose), files)
    connections.close_all()  # a forked process must not share one
    return reading


def put_back(job: Job) -> None:
    """What the clock does with a job whose worker is gone."""
    reaper = Reaper()
    for _look in range(LOOKS):
        reaper.look()
    job.refresh_from_db()
    connections.close_all()


def _go_on(reading: PaperReading) -> None:
    """What the clock and another worker do."""
    put_back(reading)
    if reading.state == State.QUEUED:
        finished(tasks.read_next, reading.folder)
    services.forget_old()
    with override_settings(LEFTOVERS_SECONDS=-1.0):
        leftovers.prune()


def _outcome(reading: PaperReading) -> dict[str, Any]:
    """All that is left of a reading, without the number of its attempt."""
    reading.refresh_from_db()
    assert reading.state == State.SUCCEEDED, reading.error
    rows = list(each_row(reading.folder))
    places = [(row["file"], row["page"]) for row in rows]
    assert len(places) == len(set(places)), "a page was read twice"
    files = sorted(path for path in reading.folder.rglob("*") if not path.name.startswith("rows-"))
    outcome = {"counts": json.dumps(reading.counts), "files": [(path.name, path.read_bytes()) for path in files]}
    if reading.purpose == ReadingPurpose.SHEETS:
        return outcome | {"cells": list(cells.cells_of(cells.sheet_rows(reading)))}
    return outcome | {form: _written(rows, form) for form in page_results.FORMS}


def _written(rows: list[Any], form: str) -> str:
    file = io.StringIO()
    page_results.write_results(rows, form, file)
    return file.getvalue()


def check_command(scans: str, results: str, step: int) -> int:
    """Kill `read_pages` at every `step`-th moment at which it touches the folder of its result; return at how many.

    Raises:
        AssertionError: what is there then is no whole result, or what is there after another one differs.

    """
    folder, count = Path(results), 0
    for form in page_results.FORMS:
        output = folder / f"all.{form}"
        command = partial(_read_pages, scans, output)
        finished(command, folder)
        expected, moment = output.read_bytes(), 1
        assert [path.name for path in folder.iterdir()] == [output.name]
        while _is_broken_off(command, output, moment, expected):
            count, moment = count + 1, moment + step
        output.unlink()
    return count


def _read_pages(scans: str, output: Path) -> None:
    call_command("read_pages", scans, output=output, stdout=io.StringIO(), stderr=io.StringIO())


def _is_broken_off(command: Callable[[], None], output: Path, moment: int, expected: bytes) -> bool:
    """Whether the command was killed at a moment; another one then brings the same result and leaves nothing else."""
    output.write_bytes(b"an earlier result")
    died = dies(command, output.parent, moment)
    assert output.read_bytes() in (b"an earlier result", expected), f"killed at moment {moment}"
    finished(command, output.parent)
    assert output.read_bytes() == expected, f"killed at moment {moment}"
    assert [path.name for path in output.parent.iterdir()] == [output.name]
    return died
