"""An exponential moving average of the weights over the steps (Polyak, Juditsky 1992)."""

from __future__ import annotations

from training.core.parameters import Array, Parameters
from training.core.products import blas_functions

EVERY = 4
"""Steps between two updates of the average: its time constant is hundreds of steps."""


class Average:
    """average → share · average + (1 − share) · weights, each step, in `arrays["average"]`.

    It is updated every fourth step, with share⁴. Early on the share is smaller, (1 + t)/(10 + t), so that the first
    random weights are soon forgotten.
    """

    def __init__(self, share: float, parameters: Parameters, arrays: dict[str, Array]) -> None:
        self._share = share
        self._parameters = parameters
        self._pairs = [
            (arrays[name], arrays[f"average_{name}"]) for name in ("statistics",) if share and name in arrays
        ]
        self._average = arrays.get("average")
        self._axpy, self._scal = blas_functions(("axpy", "scal"), dtype=parameters.flat.dtype)

    def update(self, step: int) -> None:
        """Update the average with the weights after step number `step`."""
        if self._average is None or (step + 1) % EVERY:
            return
        share = min(self._share, (1 + step) / (10 + step)) ** EVERY
        p, n = self._parameters, self._parameters.weight_count
        self._scal(share, self._average)
        self._axpy(p.flat, self._average, n=n, a=(1 - share) * p.scale)
        self._axpy(p.flat, self._average, n=p.flat.size - n, offx=n, offy=n, a=1 - share)
        for values, average in self._pairs:
            average += (1 - share) * (values - average)
