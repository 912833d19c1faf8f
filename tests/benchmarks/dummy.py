"""A subject that takes as long as it says."""

import itertools
import os

from benchmarks.harness import serve

if __name__ == "__main__":
    numbers = itertools.count(1)
    serve({"environment": {"core_type": os.environ.get("OPENBLAS_CORETYPE", "")}}, lambda: float(next(numbers)))
