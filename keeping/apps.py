"""The app of backups, moves and what is wrong with an installation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KeepingConfig(AppConfig):
    """The app that keeps the others' rows and files."""

    name = "keeping"
    label = "keeping"
    verbose_name = _("Keeping")

    def ready(self) -> None:
        """Listen for backups that are deleted."""
        from keeping import signals  # its models are there only now

        signals.connect()
