"""`manage.py train --dataset NAME`: a training in this process, or in a worker."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer.loading import CatalogueError
from training.core.hyperparameters import PRESETS, HyperparameterError, Hyperparameters
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.naming import dataset_named
from training.jobs.models import State
from training.jobs.terminal import INTERRUPTED, patiently
from training.runs.checks import RunError
from training.runs.defaults import DEFAULT_PRESET, PRESET_HELP, Source, fitting_shares
from training.runs.models import Run, plain_figures
from training.runs.services import create_run
from training.runs.terminal import run_new, wait_for
from training.runs.worker import teachers


class Command(BaseCommand):
    """Train a network."""

    help = "Train a network on one or several data sets and put it in the catalogue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments. Hyperparameters stay texts here: their own table checks them."""
        parser.add_argument(
            "--dataset",
            action="append",
            required=True,
            metavar="NAME[:SHARE]",
            help="data set to train on; repeat it to train on several together, with the share of each if you like",
        )
        parser.add_argument("--preset", default=DEFAULT_PRESET, help=f"{PRESET_HELP} (default: %(default)s)")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help="a hyperparameter that differs from the preset",
        )
        parser.add_argument(
            "--teacher",
            action="append",
            default=[],
            metavar="MODEL",
            help="a stored model or a model file that teaches this one; repeat it for several; "
            "--set distillation=SHARE says how much",
        )
        parser.add_argument("--epochs", help="the same as --set epochs=N")
        parser.add_argument("--seed", help="the same as --set seed=N")
        parser.add_argument("--name", default="", help="name of the model")
        parser.add_argument("--queue", action="store_true", help="let a worker train it, and wait for the end")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the run, train it or wait for it, print the result."""
        if options["queue"]:
            run = _make(options)
            wait_for(run)
            patiently(run.refresh_from_db)
        else:
            run = run_new(lambda: _make(options))
        if options["json"]:
            self.stdout.write(json.dumps(plain_figures(run)))
        if run.state == State.CANCELLED:
            raise CommandError(f"Run {run.pk} was cancelled after epoch {run.epoch}.", returncode=INTERRUPTED)
        if run.state == State.PAUSED:
            raise CommandError(f"Run {run.pk} is paused after epoch {run.epoch}; a worker goes on once it is resumed.")
        if run.state != State.SUCCEEDED:
            raise CommandError(f"Run {run.pk} has not succeeded ({run.state}): {run.error or 'see its page.'}")
        if not options["json"]:
            self.stdout.write(_sentence(run))


def _make(options: dict[str, Any]) -> Run:
    datasets, shares = _datasets(options["dataset"])
    changes = _changes(options) | ({"source_weights": shares} if shares else {})
    try:
        hyperparameters = Hyperparameters.from_mapping(changes, base=_preset(options["preset"]))
        return create_run(
            datasets,
            _with_shares(datasets, hyperparameters),
            teachers=[teachers.find(name) for name in options["teacher"]],
            preset=options["preset"],
            name=options["name"],
            queue=options["queue"],
        )
    except (HyperparameterError, RunError, CatalogueError) as error:
        raise CommandError(str(error)) from error


def _with_shares(datasets: Sequence[Dataset], hyperparameters: Hyperparameters) -> Hyperparameters:
    """Take the shares that fit synthetic letters beside those of people, where none are given, and say so."""
    fitting = fitting_shares([Source.of(dataset) for dataset in datasets], hyperparameters)
    if fitting:
        texts = {
            name: ",".join(map(str, value)) if isinstance(value, tuple) else value for name, value in fitting.items()
        }
        words = " ".join(f"--set {name}={text}" for name, text in texts.items())
        sys.stderr.write(f"Letters of people and synthetic ones, as if you had said: {words}\n")
    return replace(hyperparameters, **fitting)


def _preset(name: str) -> Hyperparameters:
    if name not in PRESETS:
        raise CommandError(f"There is no preset “{name}”; there are: {', '.join(PRESETS)}.")
    return PRESETS[name]


def _datasets(arguments: Sequence[str]) -> tuple[list[Dataset], list[str]]:
    """Find the data sets and read their shares: one for each, or none."""
    pairs = [argument.partition(":") for argument in arguments]
    shares = [share for _name, colon, share in pairs if colon]
    if shares and len(shares) < len(pairs):
        raise CommandError("Give a share for each data set (--dataset NAME:SHARE), or for none.")
    return [_dataset(name) for name, _colon, _share in pairs], shares


def _dataset(name: str) -> Dataset:
    try:
        return dataset_named(name)
    except DatasetError as error:
        raise CommandError(str(error)) from error


def _changes(options: dict[str, Any]) -> dict[str, object]:
    """Read every hyperparameter that was given on the command line, as text."""
    changes: dict[str, object] = {}
    for argument in options["set"]:
        key, equals, value = argument.partition("=")
        if not equals:
            raise CommandError(f"--set takes KEY=VALUE, such as --set learning_rate=0.01, not “{argument}”.")
        changes[key.strip()] = value.strip()
    return changes | {key: options[key] for key in ("epochs", "seed") if options[key] is not None}


def _sentence(run: Run) -> str:
    test = "" if run.test_accuracy is None else f", test accuracy {run.test_accuracy:.2%}"
    return (
        f"Run {run.pk}: {run.epoch} epochs in {run.seconds:.0f} s; validation accuracy "
        f"{run.validation_accuracy:.2%}{test}; model “{run.stored_model}”."
    )
