"""A device's sheet as a record: the rows of the thesis's Table 4."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recognizer.core.messages import message as _

LONGEST_TEXT, LARGEST_NUMBER = 200, 1e9


@dataclass(frozen=True)
class DeviceSheet:
    """What a machine is. What is not known is empty ("" or None), never guessed.

    `instruction_sets` are those that decide how fast networks are, whole numbers above all.

    Units: GHz, MB (cache), GB (memory, disk; of 2³⁰ and of 10⁹ bytes as they are sold), MHz, MB/s of 10⁶ bytes.
    """

    cpu_model: str = ""
    architecture: str = ""
    bits: int | None = None
    microarchitecture: str = ""
    cores: int | None = None
    clock_ghz: float | None = None
    l3_mb: float | None = None
    instruction_sets: str = ""
    ram_type: str = ""
    ram_gb: float | None = None
    ram_mhz: int | None = None
    disk_type: str = ""
    disk_gb: float | None = None
    disk_read_mb_s: float | None = None
    disk_write_mb_s: float | None = None
    os_family: str = ""
    os_version: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Every row by name, for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> DeviceSheet:
        """The sheet that a stranger sent: known rows only, of the right kind and of a sensible size.

        Raises ValueError: a row that is neither; the message names it.
        """
        for field in dataclasses.fields(cls):
            value = values.get(field.name, field.default)
            if isinstance(field.default, str):
                is_right = isinstance(value, str) and len(value) <= LONGEST_TEXT
            else:
                is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
                is_right = value is None or (is_number and 0 <= value <= LARGEST_NUMBER)
            if not is_right:
                raise ValueError(_("“%(row)s” of the sheet is not valid.") % {"row": field.name})
        return cls.from_dict(values)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> DeviceSheet:
        """The sheet that `as_dict` wrote; names of a later version are left out."""
        known = {field.name for field in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})
