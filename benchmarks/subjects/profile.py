"""Where an epoch of ours goes: how much of it is inside BLAS's products, and how fast these run.

Usage: python -m benchmarks.subjects.profile BATCH LETTERS. The clock is the wall's, read twice a product.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import blas

from benchmarks.harness import serve
from benchmarks.subjects import training as subjects
from training.core import products
from training.core.first_layer import ragged_batch
from training.core.products import blas_functions

LARGE, REPEATS, EPOCHS = 1536, 5, 3


@dataclass
class ProductTimer:
    """Adds up what all products take: seconds, and operations (a multiplication and an addition are two)."""

    seconds: float = 0.0
    operations: float = 0.0

    def timed(self, gemm: Callable[..., Any]) -> Callable[..., Any]:
        """The same product, counted: c += α a b, a (m, k) or transposed, c (m, n)."""

        def product(alpha: float, a: Any, b: Any, beta: float, c: Any, *rest: int) -> Any:
            start = time.perf_counter()
            made = gemm(alpha, a, b, beta, c, *rest)
            self.seconds += time.perf_counter() - start
            self.operations += 2.0 * c.size * a.shape[0 if rest[0] else 1]
            return made

        return product


def profile(batch: int) -> dict[str, float]:
    """Seconds of an epoch, its share in products, and 10⁹ operations a second: in these, and in a large product."""
    counted = ProductTimer()

    def watched(names: Any, **options: Any) -> Any:
        first, *others = blas_functions(names, **options)
        return [counted.timed(first), *others]

    for module in (products, ragged_batch):
        vars(module)["blas_functions"] = watched
    epoch = subjects.ours(batch)
    epoch()
    counted.seconds = counted.operations = 0.0
    start = time.perf_counter()
    for _ in range(EPOCHS):
        epoch()
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds / EPOCHS,
        "share": counted.seconds / seconds,
        "operations": counted.operations / EPOCHS / 1e9,
        "speed": counted.operations / counted.seconds / 1e9,
        "large": _large() / 1e9,
    }


def _large() -> float:
    """Operations a second of a product of two large matrices: as fast as this core gets."""
    a = np.ones((LARGE, LARGE), np.float32, order="F")
    c = np.empty_like(a)
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        blas.sgemm(1.0, a, a, 0.0, c, 0, 0, 1)
        taken.append(time.perf_counter() - start)
    return 2.0 * LARGE**3 / min(taken)


if __name__ == "__main__":
    sys.argv[2:] = [sys.argv[1], *sys.argv[2:]]  # the letters stand third, as for the subject that is looked into
    serve({"environment": {}, "profile": profile(int(sys.argv[1]))}, lambda: 0.0)
