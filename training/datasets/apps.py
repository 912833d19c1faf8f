"""The app of data sets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatasetsConfig(AppConfig):
    """Archives, splits and files of inputs."""

    name = "training.datasets"
    label = "datasets"
    verbose_name = _("Data sets")

    def ready(self) -> None:
        """Listen for deletions."""
        from training.datasets import signals  # models are not ready before this moment

        signals.connect()
