"""What the time of a network also depends on: the versions of Python and numpy, and the BLAS that numpy uses."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

CORE_NAMES = (
    "scipy_openblas_get_corename64_",
    "scipy_openblas_get_corename",
    "openblas_get_corename64_",
    "openblas_get_corename",
)
CONFIGURATIONS = tuple(name.replace("corename", "config") for name in CORE_NAMES)
"""OpenBLAS's functions, as numpy's own build, its 32-bit-integer build and the system's library name them."""


def describe() -> dict[str, Any]:
    """Python, numpy and BLAS of this process, for JSON."""
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": blas_name(),
        "blas_kernel": _openblas(CORE_NAMES),
        "blas_threads": os.environ.get("OPENBLAS_NUM_THREADS", ""),
        **_onnxruntime(),
    }


def _onnxruntime() -> dict[str, str]:
    """Its version, where this process has loaded it."""
    module = sys.modules.get("onnxruntime")
    return {} if module is None else {"onnxruntime": module.__version__}


def blas_name() -> str:
    """The BLAS and its version, such as "OpenBLAS 0.3.29"; "" if numpy does not know it."""
    if found := re.match(r"OpenBLAS [\d.]+", _openblas(CONFIGURATIONS)):
        return found[0]
    try:
        configuration: Any = np.show_config(mode="dicts")
        blas = configuration["Build Dependencies"]["blas"]
    except (TypeError, KeyError):  # numpy before 1.26 only prints
        return ""
    return f"{blas.get('name', '')} {blas.get('version', '')}".strip()


def _openblas(functions: tuple[str, ...]) -> str:
    """What the first of these functions of the loaded OpenBLAS returns; "" if there is no such library."""
    for path in _libraries():
        try:
            library = ctypes.CDLL(path)
        except OSError:
            continue
        for name in functions:
            function = getattr(library, name, None)
            if function is not None:
                function.restype = ctypes.c_char_p
                return (function() or b"").decode("ascii", "replace").strip()
    return ""


def _libraries() -> list[str]:
    """Files of OpenBLAS: those that this process has loaded (Linux), else those that came with numpy."""
    try:
        loaded = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        beside = Path(np.__file__).parent
        return [
            str(path)
            for folder in (beside / ".dylibs", beside.parent / "numpy.libs")
            for path in folder.glob("*openblas*")
        ]
    return sorted(set(re.findall(r"/\S*blas\S*\.so\S*", loaded)))
