"""Where the code of a dotted name is: its file, and the line where it begins. Nothing is imported for it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from training.study.illustrations.flow_charts import PREPARATION, PROGRAM, FlowStep


@dataclass(frozen=True)
class CodePlace:
    """A file of the project, from its root, and a line of it, from 1."""

    path: str
    line: int


@lru_cache
def place_of(name: str) -> CodePlace:
    """Find a module, class, function or method.

    Raises:
        LookupError: there is none of this name.

    """
    path, rest = _module(name.split("."))
    node: ast.AST = ast.parse(path.read_text(encoding="utf-8"))
    for part in rest:
        node = _member(node, part, name)
    return CodePlace(path.relative_to(settings.BASE_DIR).as_posix(), getattr(node, "lineno", 1))


def _module(parts: list[str]) -> tuple[Path, list[str]]:
    """The file of the longest beginning that is a module, and what is left."""
    for length in range(len(parts), 0, -1):
        base = Path(settings.BASE_DIR, *parts[:length])
        for path in (base.with_suffix(".py"), base / "__init__.py"):
            if path.is_file():
                return path, parts[length:]
    raise LookupError(".".join(parts))


def _member(node: ast.AST, part: str, name: str) -> ast.AST:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef) and child.name == part:
            return child
    raise LookupError(name)


def steps(of: tuple[FlowStep, ...]) -> Iterator[FlowStep]:
    """Every box, those of loops included."""
    for step in of:
        yield step
        yield from steps(step.repeated)


@lru_cache(maxsize=1)
def shown_files() -> frozenset[str]:
    """The files that boxes lead to: these and no others are shown."""
    return frozenset(place_of(step.code).path for step in steps(PREPARATION + PROGRAM))
