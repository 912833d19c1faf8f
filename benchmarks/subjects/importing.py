"""An archive, imported or only looped over: `loop ARCHIVE`, `import ARCHIVE`, or once for its `memory ARCHIVE`."""

import io
import json
import os
import resource
import sys
import tempfile
import time
import zipfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")

import django
import numpy as np
from PIL import Image

from benchmarks.harness import serve


def loop(archive: Path) -> None:
    """Read and decode every picture, and do nothing with it."""
    with zipfile.ZipFile(archive) as file:
        for name in file.namelist():
            if name.endswith(".png"):
                np.asarray(Image.open(io.BytesIO(file.read(name))))


def imported(archive: Path) -> None:
    """Import it as the command does, and leave nothing."""
    from training.datasets.importing import import_archive  # needs the settings

    import_archive(archive, name="benchmark").delete()


def megabytes() -> float:
    """Peak memory of this process and its helpers (the largest, twice)."""
    kilobytes = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return (kilobytes[0] + 2 * kilobytes[1]) / 1024


def main(kind: str, archive: Path) -> None:
    """Be a subject."""
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    if kind != "loop":
        prepare()
    if kind == "memory":
        imported(archive)
        print(json.dumps({"megabytes": megabytes()}))
        return

    def repeat() -> float:
        start = time.perf_counter()
        (loop if kind == "loop" else imported)(archive)
        return time.perf_counter() - start

    serve({}, repeat)


def prepare() -> None:
    """Set up a product with an empty database."""
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PROPIS_VAR"] = folder
        main(sys.argv[1], Path(sys.argv[2]))
