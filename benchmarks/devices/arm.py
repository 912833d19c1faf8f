"""The agent in Debian's Python for ARM of 64 bits, run by QEMU: it joins, measures, and its results are valid.

The packages are fetched as apt does, into a folder of their own; the system's own packages are left alone. The times
are the emulator's and say nothing of ARM; that the letters are read as elsewhere does.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.devices.product import address, manage, site_with_worker
from benchmarks.harness import FORCED, BenchmarkReport, BenchmarkRunError, Figure
from benchmarks.reading import machine
from benchmarks.server import Server

PROGRAMS = ("apt-get", "dpkg-deb", "qemu-aarch64")
PACKAGES = ("python3-minimal", "python3-numpy")
LIBRARIES = "/usr/lib/aarch64-linux-gnu/blas:/usr/lib/aarch64-linux-gnu/lapack"
SECONDS = 1_800
PYTHON = """\
#!/bin/sh
# Python for ARM: what it starts by its own name comes here again.
export PYTHONHOME={root}/usr PYTHONPATH={root}/usr/lib/python3/dist-packages
exec qemu-aarch64 -L {root} -E LD_LIBRARY_PATH={libraries} -0 "$0" {root}/usr/bin/python3 "$@"
"""
QUEUE = """
from recognizer.models import StoredModel
from training.devices import services, tasks
from training.devices.models import Benchmark, Device
from training.devices.services import new_compression
from training.jobs import lifecycle
Benchmark.objects.all().delete()
tiny = StoredModel.objects.get(name="tiny")
lifecycle.enqueue(new_compression(tiny, "int8"))
tasks.compress_next()
whole = StoredModel.objects.get(name="tiny int8")
for model, precision, batch_size in ((tiny, "fp32", 1), (tiny, "fp32", 100), (whole, "int8", 1)):
    lifecycle.enqueue(services.new_benchmark(model, precision=precision, batch_size=batch_size, images=500, repeats=5,
                                             wanted_device=Device.objects.get()))
"""
RESULTS = """
import json
from training.devices.models import Benchmark, Device
found = [
    {"model": str(each.model), "precision": each.precision, "batch_size": each.batch_size, "state": each.state,
     "invalid": str(each.invalid), "error": str(each.error), "results": each.results,
     "expected": each.bundle.correct if each.bundle else None}
    for each in Benchmark.objects.order_by("pk")
]
print(json.dumps({"benchmarks": found, "sheet": Device.objects.get().sheet}))
"""


class ArmBenchmark:
    """The agent on an emulated ARM."""

    name = "arm"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Unpack, join, measure, and ask the site what it makes of it."""
        if missing := [name for name in PROGRAMS if shutil.which(name) is None]:
            raise BenchmarkRunError(f"It needs {', '.join(missing)} (packages of Debian: qemu-user).")
        with site_with_worker() as server, tempfile.TemporaryDirectory(prefix="propis-arm-") as folder:
            python = python_for_arm(Path(folder))
            agent = Path(folder) / "agent.pyz"
            _run(["curl", "-fsS", f"{address(server)}/devices/agent.pyz", "-o", str(agent)])
            home = ["--folder", str(Path(folder) / "device")]
            code = manage(server, "device_code").strip()
            _run([str(python), str(agent), "join", address(server), code, "--name", "emulated ARM", *home])
            manage(server, "shell", "--command", QUEUE)
            _run([str(python), str(agent), "run", "--once", *home])
            return report(_results(server))


def python_for_arm(folder: Path) -> Path:
    """A program that behaves as Debian's python3 does on ARM of 64 bits, with numpy."""
    root, state = folder / "root", folder / "apt"
    for each in (root, state / "lists" / "partial", state / "archives" / "partial"):
        each.mkdir(parents=True)
    (state / "status").touch()
    settings = {
        "Dir::State": state, "Dir::State::Lists": state / "lists", "Dir::State::status": state / "status",
        "Dir::Cache": state, "Dir::Cache::Archives": state / "archives",
        "APT::Architecture": "arm64", "APT::Architectures::": "arm64", "APT::Sandbox::User": "root",
    }  # fmt: skip
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    _run(["apt-get", *options, "--quiet", "update"])
    _run(["apt-get", *options, "--yes", "--download-only", "--no-install-recommends", "install", *PACKAGES])
    for package in sorted((state / "archives").glob("*.deb")):
        _run(["dpkg-deb", "--extract", str(package), str(root)])
    program = folder / "python3"
    program.write_text(PYTHON.format(root=root, libraries=LIBRARIES), encoding="utf-8")
    program.chmod(0o755)
    return program


def report(found: dict[str, Any]) -> BenchmarkReport:
    """What was accepted, and on what."""
    jobs = found["benchmarks"]
    valid = [job for job in jobs if job["state"] == "succeeded" and not job["invalid"]]
    figures = [Figure("benchmarks with a valid result", len(valid), "", len(jobs), more_is_better=True)]
    rows = []
    for job in valid:
        results = job["results"]
        accuracy, environment = results["accuracy"], results["environment"]
        how = "one by one" if job["batch_size"] == 1 else f"by {job['batch_size']}"
        read = f"{accuracy['correct']} of {accuracy['images']}"
        difference = accuracy["correct"] - job["expected"]
        figures.append(Figure(f"{job['model']} {job['precision']}, {how}: more read right than here", difference, ""))
        versions = f"Python {environment['python']}, numpy {environment['numpy']}"
        rows.append((job["model"], job["precision"], how, f"{results['seconds_for_10000']:.2f}", read, versions))
    sheet = found["sheet"]
    where = {**machine(), "emulated": f"{sheet['architecture']}, {sheet['bits']} bit, by qemu-aarch64"}
    head = ("model", "precision", "how", "emulated s for 10,000", "read right", "on")
    return BenchmarkReport("arm", "The agent in Debian's Python for ARM, emulated by QEMU", where, figures, head, rows)


def _results(server: Server) -> dict[str, Any]:
    printed = manage(server, "shell", "--verbosity", "0", "--command", RESULTS)
    found: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return found


def _run(command: list[str]) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PROPIS"))}
    for name in FORCED:
        kept.pop(name, None)
    done = subprocess.run(command, env=kept, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise BenchmarkRunError(f"{Path(command[0]).name} {command[1]}: {done.stderr.strip()[-2000:]}")
