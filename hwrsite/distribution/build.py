"""`make dist`: a wheel and a source archive of what is committed: `pip install propis-….whl && propis start`.

The wheel has the sources in a folder of its own, so that names such as `static` or `training` are in nobody's way, and
a small package `propis` that starts them (`launcher`). Only committed files are in it: no state, no secrets.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
LEFT_OUT = ("tests/", "benchmarks/", "notebooks/", ".", "docs/images/", "Makefile", "Dockerfile", "docker-compose.yml")
"""Beginnings of paths that running the product does not need; they are in the source archive."""
PROJECT = """
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "propis"
version = "{version}"
description = "{description}"
readme = "README.md"
requires-python = "{python}"
license = "MIT AND CC-BY-SA-4.0"
license-files = ["LICENSE", "LICENCES.txt"]
dependencies = {dependencies}

[project.optional-dependencies]
onnx = {onnx}
s3 = {s3}
paper = {paper}

[project.scripts]
propis = "propis.__main__:main"

[tool.setuptools]
packages = ["propis"]
include-package-data = false

[tool.setuptools.package-data]
propis = ["site/**/*"]
"""


class DistributionError(Exception):
    """What could not be built; one sentence."""


def build(output: Path, licences: str) -> list[Path]:
    """Build both and return their paths; `licences` are the notices of all that ships.

    Raises:
        DistributionError: this is no checkout, or a tool is missing.

    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    output.mkdir(parents=True, exist_ok=True)
    name = f"propis-{project['version']}"
    committed = _run(["git", "archive", "--format=tar", f"--prefix={name}/", "HEAD"], ROOT)
    archive = output / f"{name}.tar.gz"
    archive.write_bytes(_run(["gzip", "-9", "--no-name", "--stdout"], ROOT, committed))
    with TemporaryDirectory() as folder:
        stage = Path(folder)
        _unpack(committed, name, stage / "propis" / "site")
        _describe(stage, project, licences)
        command = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", "made", "."]
        _run([sys.executable, *command], stage)
        [made] = (stage / "made").glob("*.whl")
        return [archive, Path(shutil.copy(made, output / made.name))]


def _unpack(committed: bytes, name: str, site: Path) -> None:
    """Lay out what the product runs on."""
    with tarfile.open(fileobj=BytesIO(committed)) as archive:
        for member in archive.getmembers():
            path = member.name.removeprefix(f"{name}/")
            if member.isfile() and not path.startswith(LEFT_OUT):
                archive.extract(member, site.parent / "unpacked", filter="data")
    (site.parent / "unpacked" / name).rename(site)
    (site.parent / "unpacked").rmdir()


def _describe(stage: Path, project: dict[str, str], licences: str) -> None:
    """Write what pip wants to know, and the package that starts the product."""
    package = stage / "propis"
    shutil.copy(Path(__file__).with_name("launcher.py"), package / "__main__.py")
    (package / "__init__.py").write_text(f'"""{project["description"]}."""\n', encoding="utf-8")
    for name in ("README.md", "LICENSE"):
        shutil.copy(package / "site" / name, stage / name)
    (stage / "LICENCES.txt").write_text(licences, encoding="utf-8")
    needed = {
        name: _needed(package / "site" / "requirements" / f"{name}.in") for name in ("run", "onnx", "paper", "s3")
    }
    text = PROJECT.format(
        version=project["version"],
        description=project["description"],
        python=project["requires-python"],
        dependencies=needed["run"],
        onnx=needed["onnx"],
        s3=needed["s3"],
        paper=needed["paper"],
    )
    (stage / "pyproject.toml").write_text(text, encoding="utf-8")


def _needed(path: Path) -> list[str]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def _run(command: list[str], folder: Path, given: bytes = b"") -> bytes:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}  # the same bytes from the same sources
    try:
        done = subprocess.run(command, cwd=folder, input=given, env=environment, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise DistributionError(f"{command[0]} is needed and was not found.") from error
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise DistributionError(f"{command[0]} failed: {said[-1] if said else done.returncode}")
    return done.stdout
