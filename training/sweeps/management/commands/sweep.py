"""`manage.py sweep --dataset NAME --strategy S --space FILE`: many trainings over a search space."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from training.core.hyperparameters import PRESETS, HyperparameterError, Hyperparameters
from training.datasets.models import Dataset
from training.jobs.models import State
from training.runs.creation import RunError
from training.sweeps.creation import create_sweep
from training.sweeps.models import Sweep, Trial
from training.sweeps.spaces import Space, SpaceError
from training.sweeps.strategies import MAX_TRIALS, STRATEGIES
from training.sweeps.terminal import wait_for, work_here

INTERRUPTED = 130
MAX_FILE_BYTES = 100_000


class Command(BaseCommand):
    """Search a space of hyperparameters."""

    help = "Train once for every point of a search space, and tell the best on validation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--dataset", required=True, help="data set to train on")
        parser.add_argument("--strategy", default="grid", help=f"one of {', '.join(STRATEGIES)} (default grid)")
        parser.add_argument(
            "--space",
            type=Path,
            required=True,
            metavar="FILE",
            help='JSON such as {"learning_rate": [0.1, 0.01], "batch_size": [15, 128]}',
        )
        parser.add_argument(
            "--trials", type=int, default=MAX_TRIALS, help=f"most trials allowed (default {MAX_TRIALS})"
        )
        parser.add_argument("--preset", default="small", help=f"one of {', '.join(PRESETS)} (default small)")
        parser.add_argument(
            "--set", action="append", default=[], metavar="KEY=VALUE", help="a hyperparameter that all trials share"
        )
        parser.add_argument("--epochs", help="the same as --set epochs=N")
        parser.add_argument("--seed", help="the same as --set seed=N")
        parser.add_argument("--name", default="", help="name of the sweep")
        parser.add_argument("--queue", action="store_true", help="let workers train, and wait for the end")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the sweep, see it to its end, say what came of it."""
        sweep = _make(options)
        wait_for(sweep) if options["queue"] else work_here(sweep)
        sweep = Sweep.objects.get(pk=sweep.pk)
        if options["json"]:
            self.stdout.write(json.dumps(_figures(sweep), ensure_ascii=False))
        if sweep.progress.state == State.CANCELLED:
            raise CommandError(f"Sweep {sweep.pk} was cancelled.", returncode=INTERRUPTED)
        if sweep.progress.state != State.SUCCEEDED:
            raise CommandError(f"No trial of sweep {sweep.pk} has succeeded: see the errors of its runs.")
        if not options["json"]:
            self.stdout.write(_sentence(sweep))


def _make(options: dict[str, Any]) -> Sweep:
    try:
        return create_sweep(
            _dataset(options["dataset"]),
            _base(options),
            _space(options["space"]),
            strategy=options["strategy"],
            limit=options["trials"],
            preset=options["preset"],
            name=options["name"],
        )
    except (SpaceError, HyperparameterError, RunError) as error:
        raise CommandError(str(error)) from error


def _dataset(name: str) -> Dataset:
    try:
        found = Dataset.objects.filter(name=name).first()
    except DatabaseError as error:
        raise CommandError("There is no database yet: `make setup` or `make run` makes it.") from error
    if found is None:
        names = ", ".join(Dataset.objects.values_list("name", flat=True)[:20]) or "none yet; see import_dataset"
        raise CommandError(f"There is no data set “{name}”; there are: {names}.")
    return found


def _base(options: dict[str, Any]) -> Hyperparameters:
    """What all trials share: the preset with --set, --epochs and --seed."""
    if options["preset"] not in PRESETS:
        raise CommandError(f"There is no preset “{options['preset']}”; there are: {', '.join(PRESETS)}.")
    changes: dict[str, object] = {}
    for argument in options["set"]:
        key, equals, value = argument.partition("=")
        if not equals:
            raise CommandError(f"--set takes KEY=VALUE, such as --set learning_rate=0.01, not “{argument}”.")
        changes[key.strip()] = value.strip()
    changes |= {key: options[key] for key in ("epochs", "seed") if options[key] is not None}
    return Hyperparameters.from_mapping(changes, base=PRESETS[options["preset"]])


def _space(path: Path) -> Space:
    """The space in a file.

    Raises:
        CommandError: it cannot be read, or is not JSON.
        SpaceError: it is no space.

    """
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(MAX_FILE_BYTES))
    except OSError as error:
        raise CommandError(f"The space cannot be read: {error}") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path} is not JSON: {error}") from error
    return Space.from_mapping(content)


def _figures(sweep: Sweep) -> dict[str, Any]:
    best = sweep.best()
    return {
        "sweep": sweep.pk,
        "state": sweep.progress.state.value,
        "strategy": sweep.strategy,
        "space": sweep.space,
        "best": _trial(best) if best else None,
        "trials": [_trial(trial) for trial in sweep.trials.select_related("run")],
    }


def _trial(trial: Trial) -> dict[str, Any]:
    run = trial.run
    return {
        "run": run.pk,
        "state": run.state,
        "values": trial.values,
        "validation_accuracy": run.validation_accuracy,
        "seconds": run.seconds,
        "error": run.error or None,
    }


def _sentence(sweep: Sweep) -> str:
    best, counts = sweep.best(), sweep.progress.counts
    if best is None:
        return f"Sweep {sweep.pk}: nothing has ended well."
    failed = f", {counts[State.FAILED]} failed" if counts[State.FAILED] else ""
    return (
        f"Sweep {sweep.pk}: {counts[State.SUCCEEDED]} trials{failed}. "
        f"Best on validation: {best.run.validation_accuracy:.2%} with {best} (run {best.run_id})."
    )
