"""How long the models of the catalogue take for a letter, on each device.

Recognizer knows nothing of devices: a module that the settings name knows what was measured.
"""

from importlib import import_module
from typing import Protocol, cast

from django.conf import settings


class TimesProvider(Protocol):
    """A module that knows what was measured."""

    def devices(self) -> list[tuple[str, str]]:
        """Key and name of each device that times are known of."""

    def times(self, device: str) -> dict[int, float]:
        """Microseconds for one letter, by the key of the model; none for a device that is not known."""


def provider() -> TimesProvider | None:
    """The module, or None where the settings name none."""
    name: str = settings.MODEL_TIMES_PROVIDER
    return cast(TimesProvider, import_module(name)) if name else None
