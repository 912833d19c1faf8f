"""The site's own app: it has commands, no tables."""

from django.apps import AppConfig, apps
from django.contrib.admin import ModelAdmin
from django.db.models.signals import pre_migrate

ROWS_ON_A_PAGE = 20
"""Of every list of the admin: its theme writes some 5 kB a row."""


class SiteConfig(AppConfig):
    """Commands that set the product up and start it."""

    name = "hwrsite"
    label = "hwrsite"

    def ready(self) -> None:
        """Bind the shared tasks of the apps to this site's Celery application; see that migrations leave a copy."""
        from hwrsite import celery, database  # noqa: F401  (settings must be loaded first)

        first = apps.get_app_config("jobs")  # the signal comes once for each app that has tables
        _keep_lists_short()
        pre_migrate.connect(database.copy_aside, sender=first, dispatch_uid="propis-copy-aside")


def _keep_lists_short() -> None:
    """Let no list of the admin grow with its table."""
    ModelAdmin.list_per_page = ModelAdmin.list_max_show_all = ROWS_ON_A_PAGE
