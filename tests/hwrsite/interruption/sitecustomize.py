"""On the PYTHONPATH of a command: Ctrl-C comes at an instant that PROPIS_TEST_INTERRUPT names.

`MODULE` is when that module begins to be imported, `MODULE:FUNCTION` when a function of it is called.
"""

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import operator
import os
import signal
import sys
from types import ModuleType
from typing import Any

MODULE, _colon, FUNCTION = os.environ["PROPIS_TEST_INTERRUPT"].partition(":")


def interrupt() -> None:
    """Press Ctrl-C, once."""
    sys.stdout.write("pressed\n")
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGINT)


class Pressing(importlib.abc.Loader):
    """Loads a module whose function presses before it does what it does."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Any:
        """As the loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Load it, then put another function in the place of the one that is named."""
        self._loader.exec_module(module)
        owner, _dot, name = FUNCTION.rpartition(".")
        place = operator.attrgetter(owner)(module) if owner else module
        function = getattr(place, name)

        @functools.wraps(function)
        def pressing(*args: Any, **options: Any) -> Any:
            setattr(place, name, function)
            interrupt()
            return function(*args, **options)

        setattr(place, name, pressing)


class Finder(importlib.abc.MetaPathFinder):
    """Presses where the module is looked for, or has it loaded so that its function does."""

    def find_spec(self, name: str, *_others: Any) -> importlib.machinery.ModuleSpec | None:
        """Find the module that is named."""
        if name != MODULE:
            return None
        sys.meta_path.remove(self)
        if not FUNCTION:
            interrupt()
            return None
        spec = importlib.util.find_spec(name)
        if spec is not None:
            spec.loader = Pressing(spec.loader)
        return spec


sys.meta_path.insert(0, Finder())
