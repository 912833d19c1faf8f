"""`manage.py benchmark`: how long a model takes for 10,000 images on this machine."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer.models import StoredModel
from training.datasets.models import Dataset
from training.devices.benchmarks import execution
from training.devices.measurement import BACKENDS, Workload
from training.devices.models import Benchmark, Device, Precision
from training.devices.services import BenchmarkError, new_benchmark
from training.jobs import lifecycle, terminal
from training.jobs.models import State
from training.jobs.terminal import INTERRUPTED
from training.jobs.worker.work_loop import worker_name


class Command(BaseCommand):
    """Time a model in this process, or through the queue on another device."""

    help = "Time a model of the catalogue on this machine, and store the result with the machine's sheet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--model", help="name of a model (default: the one in service)")
        parser.add_argument("--precision", choices=Precision.values, default=None, help=_precisions())
        parser.add_argument("--backend", choices=BACKENDS, default=Workload.backend, help="what computes")
        parser.add_argument("--images", type=int, default=Workload.images, help="images of a repeat (default: 10,000)")
        parser.add_argument("--batch-size", type=int, default=1, help="images at once (default: 1, one by one)")
        parser.add_argument(
            "--repeats", type=int, default=Workload.repeats, help="how often; the median counts (default: 5)"
        )
        parser.add_argument(
            "--sustained-seconds",
            type=int,
            default=0,
            help="pass after pass for so long, 60 or more, instead of repeats",
        )
        parser.add_argument("--dataset", help="read the test images of this data set (default: the largest that fits)")
        parser.add_argument("--queue", action="store_true", help="let a worker do it and wait for its end")
        parser.add_argument("--device", help="with --queue: only on the device of this name")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Time, and print the figures."""
        try:
            job = _new(options)
        except BenchmarkError as error:
            raise CommandError(str(error)) from error
        if options["queue"]:
            terminal.wait_for(lifecycle.enqueue(job), f"Benchmark of {job}")
        else:
            terminal.do_here(
                lambda: lifecycle.create_claimed(job, worker=worker_name()),
                execution.execute,
                lambda job: f"Benchmark of {job}",
            )
        terminal.patiently(job.refresh_from_db)
        if job.state != State.SUCCEEDED:
            returncode = INTERRUPTED if job.state == State.CANCELLED else 1
            raise CommandError(job.error or f"The benchmark was {job.get_state_display()}.", returncode=returncode)
        figures = _figures(job)
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else _sentence(job, figures))


def _precisions() -> str:
    names = ", ".join(f"{name} ({words})" if name != words else name for name, words in Precision.choices)
    return f"{names}; default: as the model is stored"


def _new(options: dict[str, Any]) -> Benchmark:
    if options["device"] and not options["queue"]:
        raise BenchmarkError("device", "--device needs --queue: without it the benchmark runs here.")
    return new_benchmark(
        _model(options["model"]),
        precision=options["precision"],
        backend=options["backend"],
        images=options["images"],
        batch_size=options["batch_size"],
        repeats=options["repeats"],
        sustained_seconds=options["sustained_seconds"],
        dataset=_named(Dataset, options["dataset"], "data set"),
        wanted_device=_named(Device, options["device"], "device"),
    )


def _model(name: str | None) -> StoredModel:
    if name is not None:
        model: StoredModel = _named(StoredModel, name, "model")
        return model
    active = StoredModel.objects.filter(is_active=True).first()
    if active is None:
        raise BenchmarkError("model", "No model is in service: name one with --model.")
    return active


def _named(kind: Any, name: str | None, what: str) -> Any:
    """The row of that name, or None where no name was given."""
    if name is None:
        return None
    row = kind.objects.filter(name=name).first()
    if row is None:
        raise BenchmarkError(what, f"No {what} is named “{name}”.")
    return row


def _figures(job: Benchmark) -> dict[str, Any]:
    results = job.results or {}
    seconds = {name: value for name, value in results["seconds"].items() if name != "all"}
    accuracy = job.accuracy or {}
    return {
        "benchmark": job.pk,
        "state": job.state,
        "model": job.model.name,
        "device": job.device.name if job.device else None,
        **results["workload"],
        "seconds": seconds,
        "seconds_for_10000": results["seconds_for_10000"],
        "scaled": results["scaled"],
        "microseconds_per_image": results["microseconds_per_image"],
        "accuracy": accuracy.get("share"),
        "correct": accuracy.get("correct"),
        "scored": accuracy.get("images"),
        "dataset": accuracy.get("dataset"),
        "made": accuracy.get("made"),
        "environment": results["environment"],
    }


def _sentence(job: Benchmark, figures: dict[str, Any]) -> str:
    scaled = f", scaled from {job.images:,}" if figures["scaled"] else ""
    accuracy = "noise was read, there are no letters to score" if figures["accuracy"] is None else _accuracy(figures)
    return (
        f"{job.model} ({job.get_precision_display()}) on {figures['device']}: "
        f"{figures['seconds_for_10000']:.4f} s for 10,000 images{scaled} "
        f"(median of {job.repeats}, {figures['microseconds_per_image']:.1f} µs an image); {accuracy}."
    )


def _accuracy(figures: dict[str, Any]) -> str:
    made = " (synthetic letters)" if figures["made"] else ""
    read = f"{figures['correct']:,} of {figures['scored']:,} of {figures['dataset']}{made} read right"
    return f"{read}, {figures['accuracy']:.2%}"
