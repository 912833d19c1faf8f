"""What a browser tells of its machine: names of known kinds, so that no text of a stranger's is shown."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from recognizer.core.messages import message as _

OTHER = "other"
ENGINES = ("Chromium", "Firefox", "Safari", OTHER)
PLATFORMS = ("Android", "iOS", "Windows", "macOS", "Linux", "ChromeOS", OTHER)
VERSION = re.compile(r"\d{1,5}(\.\d{1,5}){0,3}", re.ASCII)
MOST_CORES, MOST_TOUCHES, MOST_MEMORY = 1_024, 256, 4_096.0


def _is_version(value: Any) -> bool:
    return isinstance(value, str) and (not value or VERSION.fullmatch(value) is not None)


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_memory(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= MOST_MEMORY


CHECKS: dict[str, Callable[[Any], bool]] = {
    "engine": lambda value: value in ENGINES,
    "engine_version": _is_version,
    "os_family": lambda value: value in PLATFORMS,
    "cores": lambda value: value is None or _is_whole(value, 1, MOST_CORES),
    "touch_points": lambda value: _is_whole(value, 0, MOST_TOUCHES),
    "ram_gb": lambda value: value is None or _is_memory(value),
    "simd": lambda value: isinstance(value, bool),
}
"""Of each row, whether a value is of its kind."""


@dataclass(frozen=True)
class BrowserSheet:
    """A browser. What it does not tell is empty ("" or None), never guessed.

    Attributes:
        engine: what the browser is made of, of `ENGINES`.
        engine_version: numbers with dots.
        os_family: the system, of `PLATFORMS`.
        cores: that it tells; some browsers tell fewer than there are.
        touch_points: fingers that the screen can tell apart; 0: no touch screen.
        ram_gb: rounded by the browser, and never more than 8; None where it tells nothing.
        simd: whether its WebAssembly has SIMD.

    """

    engine: str = OTHER
    engine_version: str = ""
    os_family: str = OTHER
    cores: int | None = None
    touch_points: int = 0
    ram_gb: float | None = None
    simd: bool = False

    @property
    def name(self) -> str:
        """The browser and the system in a few words."""
        version = self.engine_version.partition(".")[0]
        return (
            " · ".join(part for part in (f"{self.engine} {version}".strip(), self.os_family) if part != OTHER) or OTHER
        )

    def as_dict(self) -> dict[str, Any]:
        """Every row by name, for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> BrowserSheet:
        """The sheet that a browser sent: known rows only, each of the right kind.

        Raises ValueError: a row that is not; the message names it.
        """
        for field in dataclasses.fields(cls):
            if not CHECKS[field.name](values.get(field.name, field.default)):
                raise ValueError(_("“%(row)s” of the sheet is not valid.") % {"row": field.name})
        return cls.from_dict(values)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> BrowserSheet:
        """The sheet that `as_dict` wrote; names of a later version are left out."""
        known = {field.name for field in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})
