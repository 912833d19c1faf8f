"""An archive, imported or only looped over: `loop ARCHIVE`, `import ARCHIVE`, or once for its `memory ARCHIVE`."""

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")

import django
import numpy as np
from django.conf import settings
from PIL import Image

from benchmarks.harness import serve
from tests import prepared


def loop(archive: Path) -> None:
    """Read and decode every picture, and do nothing with it."""
    with zipfile.ZipFile(archive) as file:
        for name in file.namelist():
            if name.endswith(".png"):
                np.asarray(Image.open(io.BytesIO(file.read(name))))


def imported(archive: Path) -> None:
    """Import it as the command does, and leave nothing."""
    from training.datasets.imports.pipeline import import_archive  # needs the settings

    import_archive(archive, name="benchmark").delete()


class Peak:
    """Linux's high-water marks of this process and of its helpers, added up; sampled while it works."""

    def __init__(self) -> None:
        """Begin to sample."""
        self._kib: dict[str, int] = {}
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def megabytes(self) -> float:
        """Stop sampling; the megabytes."""
        self._done.set()
        self._watch.join()
        return sum(self._kib.values()) / 1024

    def _look(self) -> None:
        while not self._done.wait(0.02):
            children = [path.read_text() for path in Path("/proc/self/task").glob("*/children")]
            for process in ("self", *" ".join(children).split()):
                with contextlib.suppress(OSError, StopIteration):  # it has ended
                    lines = Path("/proc", process, "status").read_text(encoding="utf-8").splitlines()
                    self._kib[process] = int(next(line.split()[1] for line in lines if line.startswith("VmHWM:")))


def main(kind: str, archive: Path) -> None:
    """Time one kind of work on an archive, or measure its memory."""
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    if kind != "loop":
        prepare()
    if kind == "memory":
        peak = Peak()
        imported(archive)
        print(json.dumps({"megabytes": peak.megabytes()}))
        return

    def repeat() -> float:
        start = time.perf_counter()
        (loop if kind == "loop" else imported)(archive)
        return time.perf_counter() - start

    serve({}, repeat)


def prepare() -> None:
    """Set up a product with an empty database."""
    django.setup()
    shutil.copyfile(prepared.database(), settings.DATABASES["default"]["NAME"])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PROPIS_VAR"] = folder
        main(sys.argv[1], Path(sys.argv[2]))
