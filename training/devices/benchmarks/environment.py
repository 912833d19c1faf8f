"""What the time of a network also depends on: the versions of Python and numpy, and the BLAS that numpy uses."""

from __future__ import annotations

import ctypes
import json
import os
import pkgutil
import platform
import re
import subprocess
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


BUILD = "build.json"
"""Beside this package in a packed agent: what `code` returns."""


def describe() -> dict[str, Any]:
    """Python, numpy and BLAS of this process, and which code it runs, for JSON."""
    return {
        **code(),
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


def code() -> dict[str, Any]:
    """The commit of this code and whether it was changed since: as it was packed, or as git says; else "" and None."""
    try:
        packed: dict[str, Any] = json.loads(pkgutil.get_data("training.devices", BUILD) or b"")
    except (OSError, ValueError):
        return {"commit": _git("rev-parse", "HEAD") or "", "dirty": _is_changed()}
    return packed


def _is_changed() -> bool | None:
    status = _git("status", "--porcelain", "--untracked-files=no")
    return None if status is None else bool(status)


def _git(*words: str) -> str | None:
    """What git says of the folder of this code; None where there is no git, or no repository."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=Path(__file__).parent, capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


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
