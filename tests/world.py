"""A database with rows of every kind, few or very many, made without files: for tests that walk all pages."""

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from accounts.models import AuditEntry, JoinCode, Quota
from keeping.models import Announcement, Backup
from recognizer.core.alphabet import RUSSIAN
from recognizer.models import Activation, Drawing, StoredModel
from training.cleaning.models import Cleaning, NewVersion
from training.core.hyperparameters import Hyperparameters
from training.datasets.models import Dataset, DatasetImport, Origin, Publication, PublishedDrawings
from training.devices.models import Benchmark, Bundle, Compression, Device, DeviceKind, Invitation
from training.jobs.models import State
from training.paper.models import PaperReading, ReadingPurpose
from training.runs.models import Epoch, Evaluation, Run, RunDataset, Tag
from training.sweeps.models import Phase, Sweep, Trial

BATCH = 2000
STROKES = [[[[10.25 + step * (n + 1), 20.5 + step * step, 16 * step] for step in range(12)]] for n in range(7)]
CONFUSION = [[5 if row == column else 0 for column in range(33)] for row in range(33)]
SHEET = {"cpu_model": "Test CPU", "cores": 2}


@dataclass(frozen=True)
class Scale:
    """How many rows of each kind."""

    runs: int = 2
    epochs: int = 3
    sweeps: int = 1
    trials: int = 1
    models: int = 2
    drawings: int = 2
    others: int = 1


SMALL = Scale()
LARGE = Scale(runs=2000, epochs=50, sweeps=200, trials=8, models=203, drawings=50_000, others=60)
"""What grows: two thousand runs of fifty epochs, as a busy year leaves them."""


def build(scale: Scale) -> None:
    """Fill an empty database."""
    now = timezone.now()
    someone = get_user_model().objects.create_user("someone", password=None)
    Quota.objects.create(group=Group.objects.create(name="somebody"), runs=5, samples=1_000_000)
    JoinCode.objects.create(code="A2A2-B2B2", role="trainer", places=200, ends_at=now + timedelta(days=1))
    for kind in (AccessAttempt, AccessFailureLog, AccessLog):
        kind.objects.create(**({"failures_since_start": 1} if kind is AccessAttempt else {}))
    AccessAttempt.objects.update(attempt_time=now + timedelta(days=3650))  # a log-in deletes those of long ago
    _many(AuditEntry, (AuditEntry(person=someone, name="someone", what="log-in", at=now) for _ in range(scale.runs)))
    told = (Announcement(kind="run", key=number, name="run", state="succeeded", ended_at=now, sent_at=now)
            for number in range(scale.others))  # fmt: skip
    _many(Announcement, told)
    datasets = _many(Dataset, (_dataset(number) for number in range(scale.others)))
    models = _many(StoredModel, (_model(number, now) for number in range(scale.models)))
    _many(Activation, (Activation(model=model, by=someone, at=now) for model in models))
    _drawings(scale.drawings, now)
    PublishedDrawings.objects.create(content_sha256=_digest(0), drawings=1, letters="Б", file_bytes=1000)
    _runs(scale, datasets[0], models, now)
    _jobs(scale, datasets, models)


KINDS: dict[str, type[Any]] = {
    "recognizer": StoredModel, "runs": Run, "sweeps": Sweep, "datasets": Dataset, "datasets:import": DatasetImport,
    "cleaning": Dataset, "cleaning:cleaning": Cleaning, "cleaning:version": NewVersion, "devices": Device,
    "devices:benchmark": Benchmark, "agent": Benchmark, "paper": PaperReading, "admin:auth_user": get_user_model(),
}  # fmt: skip
"""Whose row the address of a page names, by the beginning of the address's name."""


def key_of(address: str) -> int:
    """The key of a row for the address of that name; 0 where it names none."""
    named = address.removeprefix("admin:").rpartition("_")[0].replace("_", ".", 1)
    kinds = [KINDS[beginning] for beginning in sorted(KINDS, key=len) if address.startswith(beginning)]
    kind = kinds[-1] if kinds else _model_named(named)
    return kind._default_manager.order_by("pk").values_list("pk", flat=True)[0] if kind else 0


def _model_named(name: str) -> type[Any] | None:
    """The kind of row of an address of the admin, such as `recognizer.storedmodel`, or of one of its buttons."""
    return next((kind for kind in apps.get_models() if name.startswith(kind._meta.label_lower)), None)


def _many(kind: type[Any], rows: Iterator[Any]) -> list[Any]:
    """Save rows in batches and return them with their keys."""
    saved: list[Model] = []
    while batch := list(itertools.islice(rows, BATCH)):
        saved += kind.objects.bulk_create(batch)
    return saved


def _dataset(number: int) -> Dataset:
    counts = {"train": [40] * 33, "validation": [5] * 33, "test": [5] * 33}
    report = {
        "counts": counts, "skipped_list": [], "skipped_by_reason": {}, "origins": {}, "smallest": [28, 28],
        "largest": [28, 28], "letters": 1650, "set_aside": 0, "skipped": 0, "duplicates_dropped": 0,
        "duplicates_kept": 0, "different": 1650, "seconds": 1.0, "pictures": 1650,
    }  # fmt: skip
    return Dataset(
        name=f"letters {number}", pictures=1650, archive_name="a.zip", content_sha256=_digest(number), report=report
    )


def _model(number: int, now: datetime) -> StoredModel:
    card = {
        "name": f"model {number}", "class_set": RUSSIAN, "letters": RUSSIAN,
        "accuracy": {f"letters {number % 3}": 0.9}, "made_from": {"hyperparameters": {"epochs": 50}},
    }  # fmt: skip
    return StoredModel(
        name=f"model {number}", source="trained", file_sha256=_digest(number), file_bytes=100_000, card=card,
        weights_sha256=_digest(number), sizes=[784, 128, 33], activation="relu", ink_specification="moments-1",
        precision="fp32", parameters=104_737, is_active=number == 0, created_at=now - timedelta(minutes=number),
    )  # fmt: skip


def _drawings(count: int, now: datetime) -> None:
    """Drawings, after the first ones copies of them."""
    made = len(_many(Drawing, (_drawing(number, now) for number in range(min(count, BATCH)))))
    names = ", ".join(field.attname for field in Drawing._meta.concrete_fields if not field.primary_key)
    while made < count:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO recognizer_drawing ({names}) SELECT {names} FROM recognizer_drawing ORDER BY id LIMIT %s",
                [min(made, count - made)],
            )
        made += min(made, count - made)


def _drawing(number: int, now: datetime) -> Drawing:
    letter = RUSSIAN[number % 33]
    return Drawing(
        strokes=STROKES[number % len(STROKES)], claimed=letter, letter=letter, predicted=RUSSIAN[number % 31],
        best=[[letter, 0.9]], ink_specification="moments-1", model_name="model 0", model_sha256=_digest(0),
        code_sha256=_digest(number % 1000), consented_at=now - timedelta(seconds=number),
        state=("pending", "accepted", "rejected")[number % 3],
    )  # fmt: skip


def _runs(scale: Scale, dataset: Dataset, models: Sequence[StoredModel], now: datetime) -> None:
    """The last runs are trials of the sweeps: half of them of the first one, the rest shared out evenly."""
    trials = scale.sweeps * scale.trials
    recipe = Hyperparameters(epochs=scale.epochs).as_dict()
    runs = _many(Run, (_run(n, recipe, now, models, is_trial=n >= scale.runs - trials) for n in range(scale.runs)))
    _many(RunDataset, (_use(run, dataset) for run in runs))
    _many(Epoch, (_epoch(runs[0], number) for number in range(1, scale.epochs + 1)))
    _copy_epochs(runs[0])
    tag = Tag.objects.create(name="kept")
    tag.runs.add(*runs[: max(1, scale.runs // 20)])
    sweeps = _many(Sweep, (_sweep(number, dataset, recipe, scale.trials) for number in range(scale.sweeps)))
    of_first = trials // 2 if scale.sweeps > 1 else 0
    searched = itertools.chain(itertools.repeat(sweeps[0], of_first), itertools.cycle(sweeps[1:] or sweeps))
    of_sweeps = zip(searched, runs[len(runs) - trials :], strict=False)
    places: dict[int, Iterator[int]] = defaultdict(itertools.count)
    _many(Trial, (_trial(sweep, run, next(places[sweep.pk])) for sweep, run in of_sweeps))


def _run(n: int, recipe: dict[str, Any], now: datetime, models: Sequence[StoredModel], *, is_trial: bool) -> Run:
    started = now - timedelta(minutes=n + 10)
    return Run(
        name=f"run {n}", preset="small", hyperparameters=recipe | {"seed": n}, is_trial=is_trial, letters=RUSSIAN,
        state=State.SUCCEEDED, epoch=recipe["epochs"], training_images=1320, validation_accuracy=0.8 + n % 100 / 1000,
        best_validation_accuracy=0.9, best_epoch=1, test_accuracy=0.85, weights_sha256=_digest(n), progress=1.0,
        worker=f"host-{n % 5}:4711", created_at=started, started_at=started, finished_at=now,
        stored_model=None if is_trial else models[n % len(models)],
    )  # fmt: skip


def _use(run: Run, dataset: Dataset) -> RunDataset:
    return RunDataset(
        run=run, dataset=dataset, name=dataset.name, content_sha256="0" * 64, place=0,
        confusion=None if run.is_trial else CONFUSION,
    )  # fmt: skip


def _copy_epochs(first: Run) -> None:
    """Give all other runs the epochs of the first."""
    names = "epoch, train_cost, train_accuracy, validation_cost, validation_accuracy, seconds, ended_at"
    of_its = ", ".join(f"its.{name}" for name in names.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO runs_epoch (run_id, {names}) SELECT runs_run.id, {of_its} "
            "FROM (SELECT * FROM runs_epoch WHERE run_id = %s) AS its JOIN runs_run ON runs_run.id <> its.run_id "
            "ORDER BY runs_run.id, its.epoch",
            [first.pk],
        )


def _epoch(run: Run, number: int) -> Epoch:
    return Epoch(
        run=run, epoch=number, train_cost=1 / number, train_accuracy=0.9, validation_cost=1 / number,
        validation_accuracy=0.9 - 0.1 / number, seconds=1.5,
    )  # fmt: skip


def _sweep(number: int, dataset: Dataset, recipe: dict[str, Any], trials: int) -> Sweep:
    space: dict[str, Any] = {"learning_rate": [0.1 / (place + 1) for place in range(max(2, trials))]}
    if number == 0:
        space = {"learning_rate": {"low": 0.0001, "high": 0.1, "log": True}}
    return Sweep(
        name=f"sweep {number}", strategy="random" if number == 0 else "grid", dataset=dataset, preset="small",
        base=recipe, space=space, max_trials=trials, phase=Phase.CLOSED, reason="space", clock_started_at=None,
    )  # fmt: skip


def _trial(sweep: Sweep, run: Run, position: int) -> Trial:
    return Trial(sweep=sweep, run=run, position=position, values={"learning_rate": 0.1 / (position + 1)})


def _jobs(scale: Scale, datasets: Sequence[Dataset], models: Sequence[StoredModel]) -> None:
    """Jobs of the other kinds, each done; and the devices that benchmarks have run on."""
    numbers = range(scale.others)
    done = {"state": State.SUCCEEDED, "progress": 1.0}
    devices = _many(Device, (Device(key=_digest(n)[:32], name=f"device {n}", sheet=SHEET) for n in numbers))
    _many(Benchmark, (_benchmark(n, devices, models) for n in range(scale.others * 2)))
    _browsers(scale, models)
    _many(Bundle, (Bundle(model=models[n % len(models)], precision="fp32", **done) for n in numbers))
    _many(Compression, (Compression(model=models[n % len(models)], **done) for n in numbers))
    counts = {"pages": 1, "unread": 0, "letters": 0}
    _many(
        PaperReading,
        (PaperReading(name=f"p{n}", purpose=ReadingPurpose.SHEETS, counts=counts, **done) for n in numbers),
    )
    _many(Backup, (Backup(note=f"kept {n}", state=State.FAILED) for n in numbers))
    _many(Publication, (Publication(drawings=1, version="1" * 12, **done) for _ in numbers))
    _many(Cleaning, (Cleaning(dataset=datasets[n], accuracy=0.9, counts={}, **done) for n in numbers))
    _many(
        NewVersion, (NewVersion(parent=datasets[n], name=f"version {n}", dataset=datasets[n], **done) for n in numbers)
    )
    _many(
        DatasetImport,
        (DatasetImport(name=datasets[n].name, origin=Origin.UPLOAD, dataset=datasets[n], **done) for n in numbers),
    )
    _many(
        Evaluation,
        (
            Evaluation(model=models[n % len(models)], dataset=datasets[n], images=165, accuracy=0.9, top5=0.99, **done)
            for n in numbers
        ),
    )


def _benchmark(number: int, devices: Sequence[Device], models: Sequence[StoredModel]) -> Benchmark:
    return Benchmark(
        model=models[number % len(models)], state=State.FAILED, device=devices[number % len(devices)],
        error="It was switched off.", images=10,
    )  # fmt: skip


def _browsers(scale: Scale, models: Sequence[StoredModel]) -> None:
    """An invitation that is open, and browsers that have come by it."""
    end = timezone.now() + timedelta(days=1)
    invitation = Invitation.objects.create(code="A2A2-B2B2", model=models[0], most=200, expires_at=end)
    about = {"engine": "Chromium", "engine_version": "130.0", "os_family": "Android", "cores": 8, "simd": True}
    devices = _many(
        Device,
        (
            Device(kind=DeviceKind.BROWSER, key=_digest(-1 - n)[:32], name=f"Chromium 130 · Android · {n}", sheet=about)
            for n in range(scale.others)
        ),
    )
    _many(
        Benchmark,
        (
            _browser_benchmark(device, models[0], invitation, backend)
            for device in devices
            for backend in ("javascript", "wasm")
        ),
    )


def _browser_benchmark(device: Device, model: StoredModel, invitation: Invitation, backend: str) -> Benchmark:
    seconds = {"median": 0.5, "min": 0.4, "max": 0.6, "p90": 0.6, "all": [0.4, 0.5, 0.6]}
    results = {
        "seconds": seconds, "spread": 0.4, "seconds_for_10000": 0.5, "scaled": False, "microseconds_per_image": 50.0,
        "mode": "batch", "slowdown": None, "load_seconds": 0.1,
        "environment": {"clock_seconds": 1e-4, "isolated": False, "hidden": False},
        "accuracy": {"images": 165, "correct": 150, "share": 150 / 165, "dataset": "letters 0", "made": False},
    }  # fmt: skip
    return Benchmark(
        model=model, precision="fp32", backend=backend, batch_size=1000, wanted_device=device, device=device,
        invitation=invitation, state=State.SUCCEEDED, progress=1.0, results=results, finished_at=timezone.now(),
    )  # fmt: skip


def _digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()
