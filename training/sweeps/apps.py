"""The app of sweeps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SweepsConfig(AppConfig):
    """Sweeps."""

    name = "training.sweeps"
    label = "sweeps"
    verbose_name = _("Sweeps")

    def ready(self) -> None:
        """Listen for what happens to trials."""
        from training.sweeps import signals

        signals.connect()
