"""The app of devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevicesConfig(AppConfig):
    """Devices."""

    name = "training.devices"
    label = "devices"
    verbose_name = _("Devices")

    def ready(self) -> None:
        """Listen for new benchmarks."""
        from training.devices import signals  # models are not ready before this moment

        signals.connect()
