"""The app of people who sign in."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AdminConfig(SimpleAdminConfig):
    """The admin, with the site of ours; urls.py looks for the admin's modules: workers need none of them."""

    default_site = "accounts.admin_site.OneSignInSite"


class AccountsConfig(AppConfig):
    """People and their permissions."""

    name = "accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Begin to write down who comes and goes; make the roles' groups with each migration, named in words."""
        from accounts import audit, roles, sign_ins  # their models are there only now

        audit.connect()
        sign_ins.connect()
        post_migrate.connect(roles.make_groups, sender=self, dispatch_uid="accounts.roles")
        roles.name_tables()
