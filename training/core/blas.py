"""BLAS as scipy has it, loaded when something is trained: it takes a fifth of a second, and every process would pay."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def blas_functions(names: Sequence[str], dtype: np.dtype[Any]) -> list[Callable[..., Any]]:
    """The functions of these names without their prefix, such as "gemm", for float32 or float64."""
    from scipy.linalg.blas import get_blas_funcs

    return list(get_blas_funcs(tuple(names), dtype=dtype))
