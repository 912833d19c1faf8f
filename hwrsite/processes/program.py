"""What the supervisor is told of a process that it keeps."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A process that the supervisor keeps."""

    name: str
    command: Sequence[str]
    descriptors: Sequence[int] = ()
    """Open files that the process gets from its supervisor, who keeps them open."""


def python(name: str, module: str, *words: str, polite: bool = False, descriptors: Sequence[int] = ()) -> Program:
    """A Python module as a program that ends with its supervisor; a polite one leaves the processor to the page."""
    nice = ["nice", "-n", "5"] if polite else []
    return Program(name, [*nice, sys.executable, "-m", "hwrsite.processes.attached", module, *words], descriptors)
