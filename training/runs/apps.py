"""The app of runs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RunsConfig(AppConfig):
    """The app of runs and evaluations."""

    name = "training.runs"
    label = "runs"
    verbose_name = _("Runs")

    def ready(self) -> None:
        """Listen for runs that are deleted."""
        from training.runs import signals  # its models are there only now

        signals.connect()
