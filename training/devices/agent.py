"""The agent: makes a machine a device, reads its sheet and times models on it, without Django.

Needs Python 3.9, numpy, and the folders `recognizer/core` and `training/devices`, which a site also serves as one file,
`agent.pyz`. `join` and `run` speak with a site (`docs/devices.md`); without one:

    python -m training.devices.agent sheet
    python -m training.devices.agent time --model standard.npz --inputs letters.npz

Prints one JSON object on standard output and everything else on standard error; a benchmark of a worker runs this
program in a process of its own, so that there is one way to time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported

try:
    import numpy as np
except ImportError as error:
    sys.exit(f"agent: numpy cannot be used ({str(error).strip().partition(chr(10))[0]}): python3 -m pip install numpy")

from recognizer.core import ink, model_file
from recognizer.core.messages import stored
from recognizer.core.network import NetworkError
from training.devices import sheet
from training.devices.benchmarks import environment
from training.devices.measurement import (
    BACKENDS,
    PRECISIONS,
    Inputs,
    Labels,
    MeasurementError,
    Workload,
    machine,
    measure,
)
from training.devices.measurement.measuring import WINDOWS
from training.devices.remote import commands as remote_commands

NOISE_SEED = 1
ORPHANED = 3
"""Exit status of an agent whose parent is gone."""


def read_inputs(path: Path, n_in: int, classes: int) -> tuple[Inputs, Labels | None]:
    """Inputs uint8 (n, n_in) and, if the file has them, labels (n,) of an .npz.

    Raises MeasurementError: not such a file, or not made for this network.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files if name in ("inputs", "labels")}
        inputs, labels = arrays["inputs"], arrays.get("labels")
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise MeasurementError(
            f"{path} is not a file of inputs (.npz with `inputs` and, if known, `labels`)."
        ) from error
    if inputs.dtype != np.uint8 or inputs.ndim != 2 or inputs.shape[1] != n_in or len(inputs) == 0:
        raise MeasurementError(
            f"The inputs in {path} are {inputs.dtype} {inputs.shape}; the model takes uint8 (n, {n_in})."
        )
    if labels is not None and not _are_labels(labels, len(inputs), classes):
        raise MeasurementError(f"The labels in {path} are not one class number below {classes} for each image.")
    return inputs, labels


def _are_labels(labels: Labels, count: int, classes: int) -> bool:
    """Whether there is one class number for each image."""
    return labels.shape == (count,) and labels.dtype.kind in "iu" and labels.min() >= 0 and labels.max() < classes


def noise_inputs(count: int, n_in: int) -> Inputs:
    """Noise for timing without letters: uint8 (count, n_in)."""
    return np.random.default_rng(NOISE_SEED).integers(0, 256, (count, n_in), dtype=np.uint8)


def time_model(options: argparse.Namespace) -> dict[str, Any]:
    """Time the model of the command line; the result with the machine's sheet and environment."""
    workload = Workload(
        options.precision,
        options.backend,
        options.images,
        options.batch_size,
        options.repeats,
        options.sustained_seconds,
    )
    at_first, began = machine.peak_memory_mb(), time.perf_counter()
    file = model_file.read(options.model)
    load_seconds = time.perf_counter() - began
    n_in, classes = file.network.sizes[0], file.network.sizes[-1]
    if options.inputs is None:
        inputs, labels = noise_inputs(min(workload.images, 1000), n_in), None
    else:
        inputs, labels = read_inputs(options.inputs, n_in, classes)
    result = measure(file.network, inputs, labels, workload, on_repeat=_reporter(options, workload))
    result["load_seconds"] = load_seconds
    result["memory_mb"] = {"before_the_model": at_first, "peak": machine.peak_memory_mb()}
    model = {
        "name": file.card.name,
        "precision": file.card.precision,
        "sha256": file.sha256,
        "parameters": file.network.parameter_count,
    }
    return {**result, "model": model, "environment": environment.describe(), **describe_device(options)}


def describe_device(options: argparse.Namespace) -> dict[str, Any]:
    """This machine's key, name and sheet."""
    read = sheet.read(options.folder, measure_disk=options.disk)
    return {"device": {"key": sheet.machine_key(), "name": sheet.machine_name()}, "sheet": read.as_dict()}


def _end_with_standard_input() -> None:
    """End this process as soon as the parent has closed this standard input, or has died."""

    def wait() -> None:
        while os.read(0, 1):  # not sys.stdin, whose lock Python needs when it ends
            pass
        os._exit(ORPHANED)

    threading.Thread(target=wait, daemon=True).start()


def _reporter(options: argparse.Namespace, workload: Workload) -> Any:
    def report(done: int) -> None:
        if options.progress:
            print(f"{done}/{WINDOWS if workload.sustained_seconds else workload.repeats}", file=sys.stderr, flush=True)

    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="agent", description="Reads this device's sheet and times a model on it.")
    commands = parser.add_subparsers(dest="command", required=True)
    described = commands.add_parser("sheet", help="print this device's sheet")
    timed = commands.add_parser("time", help="time a model")
    timed.add_argument("--model", type=Path, required=True, help="model file (.npz)")
    timed.add_argument(
        "--inputs",
        type=Path,
        help=".npz with the model's inputs, uint8 (n, n_in), and labels; without: noise is timed",
    )
    timed.add_argument("--precision", choices=PRECISIONS, default="fp32")
    timed.add_argument("--backend", choices=BACKENDS, default="numpy")
    timed.add_argument("--images", type=int, default=Workload.images)
    timed.add_argument("--batch-size", type=int, default=Workload.batch_size, help="1: one by one")
    timed.add_argument("--repeats", type=int, default=Workload.repeats)
    timed.add_argument(
        "--sustained-seconds", type=int, default=0, help="pass after pass for so long (60 or more) instead of repeats"
    )
    timed.add_argument("--attached", action="store_true", help="end when standard input is closed")
    timed.add_argument("--progress", action="store_true", help="print each repeat on standard error")
    remote_commands.add_to(commands)
    for each in (described, timed):
        each.add_argument("--disk", action="store_true", help="also measure how fast the disk writes and reads")
        each.add_argument("--folder", type=Path, help="folder on the disk to describe (by default this one)")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    if options.command not in ("sheet", "time"):
        return remote_commands.do(options)
    if getattr(options, "attached", False):
        _end_with_standard_input()
    try:
        result = time_model(options) if options.command == "time" else describe_device(options)
    except (MeasurementError, model_file.ModelFileError, NetworkError, ink.InkError, OSError) as error:
        print(stored(str(error)) if getattr(options, "attached", False) else f"agent: {error}", file=sys.stderr)
        return 2
    print(json.dumps(result, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
