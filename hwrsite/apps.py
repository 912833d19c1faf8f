"""The site's own app: it has commands, no tables."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Commands that set the product up and start it."""

    name = "hwrsite"
    label = "hwrsite"

    def ready(self) -> None:
        """Bind the shared tasks of the apps to this site's Celery application."""
        from hwrsite import celery  # noqa: F401  (settings must be loaded first)
