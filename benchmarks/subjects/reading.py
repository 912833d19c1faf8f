"""Reading drawings inside one process, as a view does it: strokes → input → network → five best."""

import itertools
import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")

import django

from benchmarks.drawings import DRAWINGS
from benchmarks.harness import serve


def main() -> None:
    """Time one reading after the other, the letters in turn."""
    django.setup()
    from recognizer.recognition import recognize_strokes  # needs the settings
    from training.devices import environment

    letters = itertools.cycle(DRAWINGS.values())

    def repeat() -> float:
        strokes = next(letters)
        start = time.perf_counter()
        recognize_strokes(strokes)
        return time.perf_counter() - start

    serve({"environment": environment.describe()}, repeat)


if __name__ == "__main__":
    main()
