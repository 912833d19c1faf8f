"""From the publishers' archives to a report."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.core.management import CommandError, call_command

from benchmarks.accuracy import plan, report
from benchmarks.accuracy.locks import locked
from benchmarks.accuracy.plan import ABLATION, DATASETS, Material
from benchmarks.accuracy.trainings import Trainings
from benchmarks.harness import BenchmarkReport, BenchmarkRunError
from benchmarks.reading import machine
from training.core.options.fields import HyperparameterError
from training.datasets.models import Dataset


def measure(
    data: Path, state: Path, *, presets: Sequence[str], seeds: Sequence[int], epochs: int | None, ablate: bool
) -> BenchmarkReport:
    """Train what is not trained yet, and report on all of it.

    Args:
        data: folder of the archives.
        state: folder of the product's state, with the results under `results`.
        presets: rows of the table; all where none is named. `ablate` takes the rows of the ablation instead.
        seeds: of each row.
        epochs: instead of the presets'.

    Raises:
        BenchmarkRunError: an archive is missing, or a training has not succeeded.
        PlanError: there is no such row.

    """
    rows = ABLATION if ablate else plan.chosen(presets)
    try:
        planned = plan.planned_trainings(rows, seeds, epochs=epochs, test=not ablate)
    except HyperparameterError as error:
        raise BenchmarkRunError(str(error)) from error
    with locked(state / "import.lock"):
        prepare(data, [name for row in rows for name in (*row.datasets, *row.reads)])
    trainings = Trainings(state / "results", machine(), epochs=epochs, first_seed=seeds[0])
    results = trainings.all(planned, lambda line: print(line, file=sys.stderr))
    return report.ablation(results, machine()) if ablate else report.presets(rows, results, machine())


def prepare(data: Path, names: Iterable[str]) -> None:
    """Bring the database up to date and these data sets into it, where they are not there yet.

    Raises:
        BenchmarkRunError: an archive is missing or cannot be imported.

    """
    call_command("migrate", verbosity=0)
    for name in dict.fromkeys(names):
        if not Dataset.objects.filter(name=name).exists():
            _make(name, DATASETS[name], data)


def _make(name: str, material: Material, data: Path) -> None:
    if material.archive and not (data / material.archive).is_file():
        raise BenchmarkRunError(f"There is no {material.archive} in {data}.")
    imported = ("import_dataset", str(data / material.archive), "--yes")
    command = imported if material.archive else ("make_dataset", "synthetic")
    try:
        call_command(*command, name=name, stdout=sys.stderr, **material.options)
    except CommandError as error:
        raise BenchmarkRunError(str(error)) from error
