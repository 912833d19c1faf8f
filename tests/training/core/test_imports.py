"""training.core runs where there is no Django, no queue, no picture library."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import training.core

ROOT = Path(__file__).resolve().parents[3]
FORBIDDEN = ("django", "celery", "kombu", "PIL", "matplotlib", "ninja")


def test_core_imports_with_the_rest_made_unimportable() -> None:
    modules = [f"training.core.{module.name}" for module in pkgutil.iter_modules(training.core.__path__)]
    assert "training.core.trainer" in modules
    block = f"import sys; sys.modules.update(dict.fromkeys({FORBIDDEN!r}))"
    code = f"{block}; import {', '.join(modules)}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
