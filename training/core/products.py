"""The four products of backpropagation, each one BLAS call into an array that exists already.

Arrays are feature-major, (neurons, samples). BLAS thinks in columns, so each call names the transposes:
`z.T` of a C-ordered array is what BLAS takes without a copy. What belongs to the first layer may also stand
sample by sample, as the transpose of a C-ordered (samples, neurons); both orders run equally fast.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from training.core.parameters import Array


def blas_functions(names: Sequence[str], dtype: np.dtype[Any]) -> list[Callable[..., Any]]:
    """Functions of BLAS, such as "gemm", for float32 or float64, as scipy has it.

    It is loaded when something is trained: that takes a fifth of a second, and every process would pay.
    """
    from scipy.linalg.blas import get_blas_funcs

    return list(get_blas_funcs(tuple(names), dtype=dtype))


class Products:
    """BLAS for one dtype, float32 or float64.

    The last three arguments of gemm are trans_a, trans_b, overwrite_c; named, they would cost as much time
    as the smallest product.
    """

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._gemm, self._gemv = blas_functions(("gemm", "gemv"), dtype=dtype)

    def forward(self, w: Array, a: Array, out: Array, scale: float) -> None:
        """out = scale · w a: (n_out, n_in) by (n_in, m); out in C order."""
        x, transposed = _columns(a)
        self._gemm(scale, x, w.T, 0.0, out.T, transposed, 0, 1)

    def back(self, w: Array, delta: Array, out: Array, scale: float) -> None:
        """out = scale · wᵀ δ: (n_in, n_out) by (n_out, m), the product in (1.19); δ in C order."""
        if out.flags.c_contiguous:
            self._gemm(scale, delta.T, w.T, 0.0, out.T, 0, 1, 1)
        else:
            self._gemm(scale, w.T, delta.T, 0.0, out, 0, 1, 1)

    def gradient(self, delta: Array, a: Array, into: Array, alpha: float, beta: float) -> None:
        """into = beta · into + alpha · δ aᵀ, (1.21) summed over the mini-batch, shape (n_out, n_in); δ in C order."""
        x, transposed = _columns(a)
        self._gemm(alpha, x, delta.T, beta, into.T, 1 - transposed, 0, 1)

    def rows(self, delta: Array, ones: Array, into: Array, alpha: float, beta: float) -> None:
        """into = beta · into + alpha · δ ones: weighted sums of the rows, shape (neurons,)."""
        x, transposed = _columns(delta)
        self._gemv(alpha, x, ones, beta, into, trans=1 - transposed, overwrite_y=1)


def _columns(a: Array) -> tuple[Array, int]:
    """a (n, m) as the Fortran-ordered array that it is in memory, and 1 if that is a itself, not aᵀ."""
    return (a.T, 0) if a.flags.c_contiguous else (a, 1)
