"""How a worker does one benchmark: the agent runs in a process of its own, so that no other code shares the clock."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from recognizer import loading
from recognizer.core.messages import read
from recognizer.messages import gettext as _
from training.devices import services
from training.devices.benchmarks import inputs
from training.devices.measurement import MeasurementError
from training.devices.models import Benchmark
from training.jobs.worker.work_loop import JobFailedError, Lease

POLL_SECONDS = 0.2
FORCED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Settings that make OpenBLAS behave as on another processor: a device is measured as it is."""


def execute(benchmark: Benchmark, lease: Lease) -> None:
    """Time the model and store the results with the device's sheet.

    Raises:
        JobFailedError: the model's file is gone, the data set does not fit, or the agent refused.
        StoppedError: the lease said to stop.

    """
    model_path = loading.file_of(benchmark.model)
    if not model_path.exists():
        raise JobFailedError(_("The file of model “%(model)s” is gone.") % {"model": benchmark.model})
    dataset = benchmark.dataset or inputs.choose_dataset(benchmark.model)
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=settings.PROPIS_VAR) as name:
        folder = Path(name)
        arguments = _arguments(benchmark, model_path)
        if dataset is not None:
            inputs.write_inputs(benchmark, dataset, folder / "inputs.npz")
            arguments += ["--inputs", str(folder / "inputs.npz")]
        results = _run_agent(arguments, folder, lease)
    services.complete_benchmark(benchmark, results, dataset)


def agent_environment() -> dict[str, str]:
    """The agent's environment: one thread of BLAS, on the kernel that suits this processor."""
    kept = {name: value for name, value in os.environ.items() if name not in FORCED}
    return {**kept, "OPENBLAS_NUM_THREADS": "1"}


def _arguments(benchmark: Benchmark, model_path: Path) -> list[str]:
    try:
        workload = benchmark.workload
    except MeasurementError as error:
        raise JobFailedError(str(error)) from error
    device = services.this_device()
    arguments = ["time", "--model", str(model_path), "--precision", workload.precision, "--backend", workload.backend]
    arguments += ["--images", str(workload.images), "--batch-size", str(workload.batch_size)]
    arguments += ["--sustained-seconds", str(workload.sustained_seconds)]
    arguments += ["--repeats", str(workload.repeats), "--progress", "--attached", "--folder", str(settings.PROPIS_VAR)]
    return [*arguments, "--disk"] if device is None or device.rows.disk_write_mb_s is None else arguments


def _run_agent(arguments: list[str], folder: Path, lease: Lease) -> dict[str, Any]:
    """Run the agent to its end, or kill it when the lease says to stop."""
    command = [sys.executable, "-m", "training.devices.agent", *arguments]
    output, messages = folder / "results.json", folder / "messages.txt"
    with output.open("wb") as out, messages.open("wb") as err:
        # Its standard input is a pipe that closes when this worker dies: an orphan would disturb the next attempt.
        # In a session of its own Ctrl-C on a terminal reaches this process alone, which then ends the agent.
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=agent_environment(),
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            while process.poll() is None:
                lease.check()
                _report(messages, lease)
                time.sleep(POLL_SECONDS)
        finally:
            process.kill()
            process.communicate()
    if process.returncode:
        raise JobFailedError(
            read(_last_line(messages)) or _("The agent ended with status %(status)d.") % {"status": process.returncode}
        )
    results: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    return results


def _report(messages: Path, lease: Lease) -> None:
    """Pass the agent's last "3/5" on as progress."""
    done, found, total = _last_line(messages).partition("/")
    if found and done.isdigit() and total.isdigit():
        lease.progress(int(done) / int(total), _("repeat %(done)s of %(total)s") % {"done": done, "total": total})


def _last_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
