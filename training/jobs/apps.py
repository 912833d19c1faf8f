"""The app of jobs."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """The app of what all jobs share."""

    name = "training.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        """Set up the transports; listen for a worker's shutdown, and for jobs that are deleted."""
        from training.jobs import files, signals
        from training.jobs.worker import looking, shutdown, transports

        transports.install()
        shutdown.connect()
        looking.connect()
        signals.connect()
        post_migrate.connect(files.give_identity, sender=self, dispatch_uid="propis-identity")
