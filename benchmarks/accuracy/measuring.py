"""From the publishers' archives to a report."""

import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.management import CommandError, call_command

from benchmarks.accuracy import plan, report
from benchmarks.accuracy.locks import locked
from benchmarks.accuracy.plan import ABLATION, DATASETS
from benchmarks.accuracy.trainings import Trainings
from benchmarks.harness import BenchmarkError, Report
from benchmarks.reading import machine
from training.core.fields import HyperparameterError
from training.datasets.models import Dataset


def measure(
    data: Path, state: Path, *, presets: Sequence[str], seeds: Sequence[int], epochs: int | None, ablate: bool
) -> Report:
    """Train what is not trained yet, and report on all of it.

    Args:
        data: folder of the archives.
        state: folder of the product's state, with the results under `results`.
        presets: rows of the table; all where none is named. `ablate` takes the rows of the ablation instead.
        seeds: of each row.
        epochs: instead of the presets'.

    Raises:
        BenchmarkError: an archive is missing, or a training has not succeeded.
        PlanError: there is no such row.

    """
    rows = ABLATION if ablate else plan.chosen(presets)
    try:
        experiments = plan.experiments(rows, seeds, epochs=epochs, test=not ablate)
    except HyperparameterError as error:
        raise BenchmarkError(str(error)) from error
    with locked(state / "import.lock"):
        import_archives(data)
    trainings = Trainings(state / "results", machine(), epochs=epochs, first_seed=seeds[0])
    results = trainings.all(experiments, lambda line: print(line, file=sys.stderr))
    return report.ablation(results, machine()) if ablate else report.presets(rows, results, machine())


def import_archives(data: Path) -> None:
    """Bring the database up to date and both data sets into it, where they are not there yet.

    Raises:
        BenchmarkError: an archive is missing or cannot be imported.

    """
    call_command("migrate", verbosity=0)
    for name, (_label, archive) in DATASETS.items():
        if Dataset.objects.filter(name=name).exists():
            continue
        if not (data / archive).is_file():
            raise BenchmarkError(f"There is no {archive} in {data}.")
        try:
            call_command("import_dataset", str(data / archive), name=name, stdout=sys.stderr)
        except CommandError as error:
            raise BenchmarkError(str(error)) from error
