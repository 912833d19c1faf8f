"""recognizer.core needs numpy and the standard library, and nothing else that is installed."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

IMPORT_ALL = """
import pkgutil, sys
before = set(sys.modules)
for name in ("django", "celery", "PIL", "scipy", "matplotlib"):
    sys.modules[name] = None
import recognizer.core
for module in pkgutil.walk_packages(recognizer.core.__path__, "recognizer.core."):
    __import__(module.name)
tops = {name.partition(".")[0] for name in sys.modules if name not in before and sys.modules[name] is not None}
print(*sorted(tops - set(sys.stdlib_module_names)))
"""


def test_core_imports_only_numpy() -> None:
    run = subprocess.run([sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["numpy", "recognizer"]
