"""The wheel `propis-reader`: what reads letters, and one model, for a Python with numpy and nothing else.

`python -m recognizer.exports.wheel --model standard --output dist` builds it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

from recognizer.core import model_file
from recognizer.core.model_file import ModelCard

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "recognizer"
NAME = "propis-reader"
LEFT_OUT = ("c_header", "words", "__pycache__", "timing.py")
"""Of recognizer/core: what no reading of a letter needs."""
BUILT_ON = "315532800"
"""1 January 1980 in seconds: the same wheel from the same sources."""
DESCRIPTION = """# propis-reader
Reads handwritten Russian letters with numpy alone.

    python -m recognizer letter.png

The model “{name}” ({precision}) is inside: {licence}
{credits}
"""
PROJECT = """
[build-system]
requires = ["setuptools>=77", "wheel"]
build-backend = "setuptools.build_meta"

[project]
name = "{project}"
version = "{version}"
description = "Reads handwritten Russian letters with numpy alone"
readme = "README.md"
requires-python = ">=3.9"
license = "MIT"
license-files = ["LICENSE"]
dependencies = ["numpy"]

[project.optional-dependencies]
pictures = ["Pillow"]

[tool.setuptools]
packages = {packages}

[tool.setuptools.package-data]
recognizer = ["pretrained/*.npz"]
"""


class WheelError(Exception):
    """A wheel that could not be built; one sentence."""


def build(model: str, output: Path) -> Path:
    """Build the wheel with a shipped model, and return its path.

    Raises:
        WheelError: no shipped model has that name, or the packages that build wheels are missing.

    """
    path = PACKAGE / "pretrained" / f"{model}.npz"
    if not path.is_file():
        names = ", ".join(sorted(each.stem for each in path.parent.glob("*.npz")))
        raise WheelError(f"No shipped model is named “{model}”; there are: {names}.")
    with TemporaryDirectory() as folder:
        stage = Path(folder)
        _stage(stage, path)
        _run(
            [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", "made", "."],
            stage,
        )
        [made] = (stage / "made").glob("*.whl")
        output.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(made, output / made.name))


def _stage(stage: Path, model: Path) -> None:
    """Put the sources of the wheel in a folder."""
    target = stage / "recognizer"
    shutil.copytree(PACKAGE / "core", target / "core", ignore=shutil.ignore_patterns(*LEFT_OUT))
    (target / "pretrained").mkdir()
    for source in (PACKAGE / "__init__.py", PACKAGE / "__main__.py", model):
        shutil.copy(source, target / source.relative_to(PACKAGE))
    shutil.copy(ROOT / "LICENSE", stage / "LICENSE")
    (stage / "README.md").write_text(_description(model_file.read(model).card), encoding="utf-8")
    packages = ["recognizer", *(_package(path, stage) for path in sorted(target.rglob("__init__.py"))[1:])]
    project = PROJECT.format(project=NAME, version=_version(), packages=packages)
    (stage / "pyproject.toml").write_text(project, encoding="utf-8")


def _package(path: Path, stage: Path) -> str:
    return ".".join(path.parent.relative_to(stage).parts)


def _description(card: ModelCard) -> str:
    lines = "\n".join(f"- {line}" for line in card.credits)
    licence = card.licence or "see its card"
    return DESCRIPTION.format(name=card.name, precision=card.precision, licence=licence, credits=lines)


def _version() -> str:
    """That of the project."""

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _run(command: list[str], folder: Path) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": BUILT_ON}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WheelError(f"The wheel could not be built: {(done.stderr or done.stdout).strip().splitlines()[-1]}")


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m recognizer.exports.wheel", description=f"Builds {NAME}.")
    parser.add_argument("--model", default="standard", help="a shipped model (default: standard)")
    parser.add_argument("--output", type=Path, default=Path("dist"), help="folder (default: dist)")
    options = parser.parse_args()
    try:
        made = build(options.model, options.output)
    except WheelError as error:
        print(f"wheel: {error}", file=sys.stderr)
        return 1
    print(f"{made}: {made.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
