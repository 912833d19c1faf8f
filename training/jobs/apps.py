"""The app of jobs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """What every long work shares."""

    name = "training.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        """Set up the file queue; listen for a worker's shutdown, and for jobs that are deleted."""
        from training.jobs import embedded_queue, shutdown, signals

        embedded_queue.install()
        shutdown.connect()
        signals.connect()
