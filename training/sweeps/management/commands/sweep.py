"""`manage.py sweep --dataset NAME --strategy S --space FILE`: many trainings over a search space."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from training.core.hyperparameters import PRESETS, HyperparameterError, Hyperparameters
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.naming import dataset_named
from training.jobs.models import State
from training.jobs.terminal import INTERRUPTED, patiently
from training.runs.checks import RunError
from training.runs.defaults import PRESET_HELP
from training.sweeps.errors import OptionError
from training.sweeps.export import as_json
from training.sweeps.models import Sweep
from training.sweeps.options import DEFAULT_TRIALS, PRUNERS, SearchLimits, SweepOptions
from training.sweeps.services import create_sweep
from training.sweeps.space.objectives import OBJECTIVES
from training.sweeps.space.space import Space, SpaceError, check_apart, read_json
from training.sweeps.strategies import STRATEGIES
from training.sweeps.terminal import wait_for, work_here

MAX_FILE_BYTES = 100_000


class Command(BaseCommand):
    """Search a space of hyperparameters."""

    help = "Train many times over a search space, and print the best on validation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--dataset", action="append", required=True, help="data set to train on; repeated, several together"
        )
        parser.add_argument("--strategy", default="grid", help=f"one of {', '.join(STRATEGIES)} (default: grid)")
        parser.add_argument(
            "--space",
            type=Path,
            required=True,
            metavar="FILE",
            help='JSON such as {"batch_size": [15, 128], "learning_rate": {"low": 0.001, "high": 0.1, "log": true}}',
        )
        parser.add_argument(
            "--trials", type=int, help=f"most trials (default: all of a grid, {DEFAULT_TRIALS} of the others)"
        )
        parser.add_argument("--hours", type=float, help="most hours, pauses apart")
        parser.add_argument("--parallel", type=int, help="most trials at once (default: as many as there are workers)")
        parser.add_argument("--target", type=float, help="end at this validation accuracy, such as 0.95")
        parser.add_argument("--patience", type=int, help="end after this many trials without gain")
        parser.add_argument(
            "--objective",
            action="append",
            default=[],
            help=f"{', '.join(OBJECTIVES)}; twice for two (default: accuracy)",
        )
        parser.add_argument("--prune", default="", help=f"stop poor trials early: {', '.join(filter(None, PRUNERS))}")
        parser.add_argument("--repeat-best", type=int, default=0, metavar="N", help="train the N best again …")
        parser.add_argument("--repeats", type=int, default=0, metavar="M", help="… with M other seeds")
        parser.add_argument("--sweep-seed", type=int, default=0, help="seed of the strategy (default: 0)")
        parser.add_argument("--preset", default="small", help=f"{PRESET_HELP} (default: %(default)s)")
        parser.add_argument(
            "--set", action="append", default=[], metavar="KEY=VALUE", help="a hyperparameter that all trials share"
        )
        parser.add_argument("--epochs", help="the same as --set epochs=N")
        parser.add_argument("--seed", help="the same as --set seed=N")
        parser.add_argument("--name", default="", help="name of the sweep")
        parser.add_argument("--queue", action="store_true", help="let workers train, and wait for the end")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the sweep, wait for its end, print its results."""
        sweep = _make(options)
        wait_for(sweep) if options["queue"] else work_here(sweep)
        sweep = patiently(partial(Sweep.objects.get, pk=sweep.pk))
        if options["json"]:
            self.stdout.write(json.dumps(patiently(partial(as_json, sweep)), ensure_ascii=False))
        progress = patiently(lambda: sweep.progress)
        if progress.state == State.CANCELLED:
            raise CommandError(f"Sweep {sweep.pk} was cancelled.", returncode=INTERRUPTED)
        if progress.state != State.SUCCEEDED:
            raise CommandError(f"No trial of sweep {sweep.pk} has succeeded: see the errors of its runs.")
        if not options["json"]:
            self.stdout.write(patiently(partial(_sentence, sweep)))


def _make(options: dict[str, Any]) -> Sweep:
    try:
        fixed = _fixed(options)
        base, space = _base(options["preset"], fixed), _space(options["space"])
        check_apart(space, fixed)
        return create_sweep(
            [_dataset(name) for name in options["dataset"]],
            base,
            space,
            _options(options),
            preset=options["preset"],
            name=options["name"],
        )
    except (SpaceError, OptionError, HyperparameterError, RunError) as error:
        raise CommandError(str(error)) from error


def _options(options: dict[str, Any]) -> SweepOptions:
    limits = SearchLimits(
        max_trials=options["trials"],
        max_hours=options["hours"],
        parallel=options["parallel"],
        target=options["target"],
        patience=options["patience"],
    )
    return SweepOptions(
        strategy=options["strategy"],
        seed=options["sweep_seed"],
        objectives=tuple(options["objective"]) or ("accuracy",),
        prune=options["prune"],
        limits=limits,
        repeat_best=options["repeat_best"],
        repeats=options["repeats"],
    )


def _dataset(name: str) -> Dataset:
    try:
        return dataset_named(name)
    except DatasetError as error:
        raise CommandError(str(error)) from error


def _fixed(options: dict[str, Any]) -> dict[str, object]:
    """The hyperparameters of --set, --epochs and --seed."""
    pairs: list[tuple[str, object]] = [(key, options[key]) for key in ("epochs", "seed") if options[key] is not None]
    for argument in options["set"]:
        key, equals, value = argument.partition("=")
        if not equals:
            raise CommandError(f"--set takes KEY=VALUE, such as --set learning_rate=0.01, not “{argument}”.")
        pairs.append((key.strip(), value.strip()))
    fixed = dict(pairs)
    if len(fixed) < len(pairs):
        raise CommandError("A hyperparameter is given a value twice: see --set, --epochs and --seed.")
    return fixed


def _base(preset: str, fixed: Mapping[str, object]) -> Hyperparameters:
    """What all trials share: the preset with these hyperparameters."""
    if preset not in PRESETS:
        raise CommandError(f"There is no preset “{preset}”; there are: {', '.join(PRESETS)}.")
    return Hyperparameters.from_mapping(fixed, base=PRESETS[preset])


def _space(path: Path) -> Space:
    """The space in a file.

    Raises:
        CommandError: it cannot be read, or is not JSON.
        SpaceError: it is not a space, or names something twice.

    """
    try:
        with path.open("rb") as file:
            return read_json(file.read(MAX_FILE_BYTES))
    except OSError as error:
        raise CommandError(f"The space cannot be read: {error}") from error
    except SpaceError:
        raise
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path} is not JSON: {error}") from error


def _sentence(sweep: Sweep) -> str:
    best, counts = sweep.best(), sweep.progress.counts
    if best is None:
        return f"Sweep {sweep.pk}: no trial has succeeded."
    others = [
        f"{counts[state]} {state.value}" for state in (State.PRUNED, State.FAILED, State.CANCELLED) if counts[state]
    ]
    summary = ", ".join([f"{counts[State.SUCCEEDED]} trials", *others])
    why = f" It ended because {sweep.get_reason_display()}." if sweep.reason else ""
    return (
        f"Sweep {sweep.pk}: {summary}.{why} "
        f"Best on validation: {best.run.validation_accuracy:.2%} after the last epoch, with {best} (run {best.run_id})."
    )
