"""The app of people who sign in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and their permissions."""

    name = "accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Begin to write down who comes and goes."""
        from accounts import audit  # its models are there only now

        audit.connect()
