"""Roles: a visitor, a viewer, a trainer, an administrator.

Who has not signed in is a visitor. Viewers and trainers are Django's groups, made with every migration where they are
missing: an administrator may give them other permissions, and they are kept. An administrator is whom Django calls a
superuser; whoever else may use the admin has the permissions that he was given there, as before there were roles.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VIEWER, TRAINER = "viewer", "trainer"
SEE = "accounts.see_work"
"""May see runs, sweeps, models and data where visitors may not (`PROPIS_SIGN_IN_TO_SEE`)."""
PERMISSIONS = {VIEWER: (SEE,), TRAINER: (SEE, "runs.add_run", "sweeps.add_sweep")}
NAMES: dict[str, Promise] = {VIEWER: _("viewer"), TRAINER: _("trainer")}


def make_groups(using: str, **_kwargs: Any) -> None:
    """Make the groups that are missing, once all tables are there; those that exist stay as they are."""
    for role, names in PERMISSIONS.items():
        group, is_new = Group.objects.using(using).get_or_create(name=role)
        if is_new:
            group.permissions.set([_permission(name, using) for name in names])


def _permission(name: str, using: str) -> Permission:
    app, _dot, codename = name.partition(".")
    create_permissions(apps.get_app_config(app), verbosity=0, using=using)  # this may be called before its own turn
    return Permission.objects.using(using).get(content_type__app_label=app, codename=codename)


def role_of(user: Any) -> str:
    """The role of somebody who is signed in, in words."""
    if user.is_superuser:
        return str(_("administrator"))
    groups = set(user.groups.values_list("name", flat=True))
    return str(next((words for role, words in reversed(NAMES.items()) if role in groups), NAMES[VIEWER]))


def name_tables() -> None:
    """Name Django's own tables of groups in the page's language, where the admin lists them."""
    of_group = Group.permissions.through
    of_group._meta.verbose_name = _("permission of a group")
    of_group._meta.verbose_name_plural = _("permissions of groups")
    for table, name in ((Group, named), (of_group, _group_of)):
        setattr(table, "__str__", name)  # noqa: B010


def _group_of(row: Any) -> str:
    return named(row.group)


def named(group: Group) -> str:
    """A group's name in the page's language."""
    return str(NAMES.get(group.name, group.name))
