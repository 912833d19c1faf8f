"""The app that counts failed log-ins (django-axes), with names in the page's language."""

from typing import Any

from axes.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LogInsConfig(AppConfig):  # type: ignore[misc]  # it comes without types
    """Failed log-ins, and who is locked out."""

    verbose_name = _("Log-ins")

    def ready(self) -> None:
        """Name its rows by who and when: its own words are English whatever the language."""
        super().ready()
        for model in self.get_models():
            if hasattr(model, "attempt_time"):
                model.__str__ = _who_and_when


def _who_and_when(row: Any) -> str:
    return f"{row.username or '—'} · {row.attempt_time:%Y-%m-%d %H:%M:%S}"
