"""Lines of the core: where a page that names an equation leads."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

SHOWN = (
    "training.core.reference",
    "training.core.activations",
    "training.core.costs",
    "training.core.backpropagation",
    "training.core.optimization.optimizers",
    "recognizer.core.inputs",
)
"""Modules to which equations lead."""


def file_of(module: str) -> str:
    """The path of a module, from the root of the project."""
    return f"{module.replace('.', '/')}.py"


FILES = frozenset(map(file_of, SHOWN))
"""Their files."""


class SourceLineError(LookupError):
    """A line that is said to be in a module is not there."""


@dataclass(frozen=True)
class SourceLine:
    """A line of a module.

    Attributes:
        module: of `SHOWN`.
        function: the name of a function of it, or of a method; its own line or one below is meant.
        text: what the line contains.

    """

    module: str
    function: str
    text: str

    @property
    def path(self) -> str:
        """Its file, from the root of the project."""
        return file_of(self.module)

    @property
    def number(self) -> int:
        """Where it stands, from 1.

        Raises:
            SourceLineError: it is not there.

        """
        lines = source(self.module).splitlines()
        start = next((n for n, line in enumerate(lines) if line.lstrip().startswith(f"def {self.function}(")), None)
        if start is not None:
            for number in range(start, len(lines)):
                if self.text in lines[number]:
                    return number + 1
        raise SourceLineError(f"{self.module}.{self.function} has no line with {self.text!r}")


@lru_cache(maxsize=len(SHOWN))
def source(module: str) -> str:
    """The source of a module of `SHOWN`.

    Raises:
        KeyError: another module.

    """
    if module not in SHOWN:
        raise KeyError(module)
    return Path(settings.BASE_DIR, file_of(module)).read_text(encoding="utf-8")
