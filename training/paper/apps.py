"""The app of scans and collection sheets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaperConfig(AppConfig):
    """Scans read as a job, and the review of collection sheets."""

    name = "training.paper"
    label = "paper"
    verbose_name = _("Paper")

    def ready(self) -> None:
        """Listen for readings that are deleted."""
        from training.paper import signals  # its models are there only now

        signals.connect()
