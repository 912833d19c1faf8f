"""Jobs of every kind whose worker is killed amid them: they end once, as undisturbed ones do.

`check` runs in a product of its own (`manage.py shell`), which has a data set and a trained model.
"""

import dataclasses
import importlib
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import connections

from keeping import services as keeping
from recognizer.models import Drawing, Licence, Review, StoredModel
from tests.faults.dying import dies, finished, touches
from tests.faults.killed_readings import put_back
from training.cleaning import services as cleaning
from training.cleaning.detectors import cross_validation
from training.cleaning.models import Action
from training.datasets.models import Dataset
from training.datasets.services import queue_publication
from training.datasets.storage.picture_files import Index
from training.devices import services as devices
from training.devices.fleet import bundles
from training.jobs import lifecycle
from training.jobs.models import Job, JobEvent, State
from training.runs.models import Evaluation

SHARES = (0.6,)
"""Of the times that undisturbed work touches its files: just before these it is killed."""


def _version() -> Job:
    dataset = Dataset.objects.get()
    cleaning.decide(dataset, Index.load(dataset.folder), [0, 1], Action.REJECT)
    return cleaning.queue_version(dataset, name="letters 2", by=None)


def _publication() -> Job:
    for number in range(20):
        Drawing.objects.create(
            strokes=[[[0, 0], [number, 9]]], claimed="А", letter="А", predicted="А", best=[["А", 1]],
            state=Review.ACCEPTED, licence=Licence.CC0,
        )  # fmt: skip
    return queue_publication()


ORDERS: Mapping[str, Callable[[], Job]] = {
    "cleaning.cleaning": lambda: cleaning.queue_check(Dataset.objects.get(), by=None),
    "cleaning.newversion": _version,
    "runs.evaluation": lambda: lifecycle.enqueue(Evaluation(model=_model(), dataset=Dataset.objects.get())),
    "devices.bundle": lambda: bundles.bundle_of(_model(), "fp32", Dataset.objects.get()),
    "devices.compression": lambda: lifecycle.enqueue(devices.new_compression(_model(), "fp16")),
    "keeping.backup": keeping.order,
    "datasets.publication": _publication,
}
"""By the name of its kind, what orders a job; kinds with a test of their own are in `test_every_kind`."""


def _model() -> StoredModel:
    return StoredModel.objects.latest("pk")


def check(begun_with: str) -> dict[str, int]:
    """Kill jobs of all kinds in ORDERS; return for each kind at how many moments.

    Args:
        begun_with: the folder of all state that each job finds.

    Raises:
        AssertionError: a disturbed job has ended otherwise than an undisturbed one.

    """
    cross_validation.RECIPE = dataclasses.replace(cross_validation.RECIPE, hidden_layers=(32,), warmup_steps=0)
    cross_validation.SAMPLES_SEEN = 2000
    for kind in lifecycle.kinds():
        importlib.import_module(kind.__module__.replace(".models", ".tasks"))
    return {name: _check(name, Path(begun_with)) for name in ORDERS}


def _check(name: str, begun_with: Path) -> int:
    calm = _ordered(name, begun_with)
    work = current_app.tasks[calm.TASK].run
    count = touches(work, settings.PROPIS_VAR)
    expected = _outcome(calm)
    for share in SHARES:
        job = _ordered(name, begun_with)
        assert dies(work, settings.PROPIS_VAR, max(1, round(share * count))), name
        put_back(job)
        if job.state == State.QUEUED:
            finished(work, settings.PROPIS_VAR)
        assert _outcome(job) == expected, f"{name}, killed at {share} of its work"
    return len(SHARES)


def _ordered(name: str, begun_with: Path) -> Job:
    """A job in a folder of all state as it was at first."""
    connections.close_all()
    for path in settings.PROPIS_VAR.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(begun_with, settings.PROPIS_VAR, dirs_exist_ok=True)
    job = ORDERS[name]()
    connections.close_all()
    return job


def _outcome(job: Job) -> dict[str, Any]:
    """How a job has ended, what files there are, and how many rows of each kind; events tell of attempts."""
    job.refresh_from_db()
    assert job.state == State.SUCCEEDED, f"{job.kind()}: {job.state} {job.error}"
    tables = [model for model in apps.get_models() if model is not JobEvent]
    files = [str(path.relative_to(settings.PROPIS_VAR)) for path in settings.PROPIS_VAR.rglob("*") if path.is_file()]
    kept = sorted(
        re.sub(r"\d+|[0-9a-f]{16,}", "#", file) for file in files if not file.startswith(("queue", "propis."))
    )
    ends = JobEvent.objects.filter(kind=job.kind(), job_id=job.pk, name=State.SUCCEEDED).count()
    return {"files": kept, "rows": {model: model._default_manager.count() for model in tables}, "ends": ends}
