"""`make pythons`: what needs numpy alone, on other interpreters of Python: their tests, without Django.

Usage: python -m tests.pythons INTERPRETER … Each gets an environment and a copy of the tree of its own, thrown away in
the end. The tests are written for Python 3.11, so an older one is lent the few names that they use. Modules of tests
that need Django are counted and not run; everything else must pass.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("numpy", "pytest", "hypothesis", "Pillow", "scipy", "jsonschema", "onnx", "onnxruntime")
TESTS = ("tests/recognizer/core", "tests/recognizer/exports")
ASKS_FOR_3_10 = "tests/recognizer/core/test_alone.py"
"""It compares imports with a list of the standard library's modules that Python 3.9 does not have."""
COPIED = ("recognizer", "benchmarks", "training", "tests/recognizer", "docs", "static/wasm")
LATER = "from __future__ import annotations\n"
LENT = """
import builtins, itertools, typing

if not hasattr(itertools, "pairwise"):
    plain = zip

    def zip_strictly(*columns, strict=False):
        columns = [list(column) if strict else column for column in columns]
        if strict and len(set(map(len, columns))) > 1:
            raise ValueError("columns of different lengths")
        return plain(*columns)

    def pairwise(values):
        values = list(values)
        return plain(values, values[1:])

    builtins.zip, itertools.pairwise = zip_strictly, pairwise
if not hasattr(typing, "Self"):
    typing.Self = typing.Any
"""
SETTINGS = "[pytest]\nmarkers =\n  realdata: x\n  services: x\n  browser: x\n  processor_seconds(limit): x\n"
WITHOUT_DJANGO = re.compile(r"^E +ModuleNotFoundError: No module named 'django", re.MULTILINE)
COUNTS = re.compile(r"(\d+) (passed|failed|errors?)\b")


def copy_tree(folder: Path) -> None:
    """Copy what the tests need; annotations in them are not evaluated, since older Pythons do not know all of them."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "figures", "images"))
    (folder / "tests/__init__.py").touch()
    (folder / "conftest.py").write_text(LENT)
    (folder / "pytest.ini").write_text(SETTINGS)
    for path in [*folder.glob("tests/**/*.py"), *folder.glob("benchmarks/**/*.py")]:
        text = path.read_text()
        if text.startswith('"""') and LATER not in text:
            path.write_text(text.replace('"""\n', f'"""\n{LATER}', 1))


def tried(interpreter: str, folder: Path) -> tuple[str, bool]:
    """What the tests came to on an interpreter, and whether all is well."""
    copy_tree(folder / "tree")
    subprocess.run([interpreter, "-m", "venv", str(folder / "venv")], check=True)
    python = str(folder / "venv/bin/python")
    subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True, capture_output=True)
    command = [python, "-m", "pytest", "-q", "--import-mode=importlib", "-p", "no:cacheprovider"]
    command += ["-m", "not realdata", "--continue-on-collection-errors", "--deselect", ASKS_FOR_3_10, *TESTS]
    done = subprocess.run(command, cwd=folder / "tree", capture_output=True, text=True, check=False)
    counts = {what.rstrip("s"): int(number) for number, what in COUNTS.findall(done.stdout.splitlines()[-1])}
    need_django = len(WITHOUT_DJANGO.findall(done.stdout))
    well = not counts.get("failed", 0) and counts.get("error", 0) <= need_django and bool(counts.get("passed"))
    words = f"{counts.get('passed', 0)} passed, {counts.get('failed', 0)} failed, {need_django} modules need Django"
    return words if well else f"{words}\n{done.stdout[-4000:]}", well


def main() -> int:
    """Try each; the exit status is 1 where one fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.pythons", description=__doc__)
    parser.add_argument("interpreters", nargs="+", help="such as python3.9 python3.13")
    all_well = True
    for interpreter in parser.parse_args().interpreters:
        with tempfile.TemporaryDirectory(prefix="propis-pythons-") as folder:
            version = subprocess.run([interpreter, "--version"], check=True, capture_output=True, text=True).stdout
            words, well = tried(interpreter, Path(folder))
            print(f"{version.strip()}: {words}", flush=True)
            all_well = all_well and well
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main())
