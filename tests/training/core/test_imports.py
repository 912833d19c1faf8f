"""training.core runs where there is no Django, no queue, no picture library."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import training.core
from training.core import reference

ROOT = Path(__file__).resolve().parents[3]
FORBIDDEN = ("django", "celery", "kombu", "PIL", "matplotlib", "ninja")


def test_core_imports_with_the_rest_made_unimportable() -> None:
    modules = [module.name for module in pkgutil.walk_packages(training.core.__path__, "training.core.")]
    assert {"training.core.trainer", "training.core.first_layer.sparse"} <= set(modules)
    block = f"import sys; sys.modules.update(dict.fromkeys({FORBIDDEN!r}))"
    code = f"{block}; import {', '.join(modules)}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_reference_needs_numpy_alone() -> None:
    tree = ast.parse(Path(reference.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports}
    assert names == {"__future__", "dataclasses", "typing", "numpy", "numpy.typing"}
