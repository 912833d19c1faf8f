"""People of every role, for tests of what they may do."""

from collections.abc import Iterator

from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User


class People:
    """People of every role, made when they are first asked for."""

    def __init__(self) -> None:
        """Nobody yet."""
        self.permissions = {f"{p.content_type.app_label}.{p.codename}": p for p in _permissions()}
        self.clients: dict[str, Client] = {"visitor": _client()}

    def visitor(self) -> Client:
        """Somebody who has not signed in."""
        return self.clients["visitor"]

    def viewer(self) -> Client:
        """One of the staff who may look at everything."""
        return self._staff("viewer", self._views())

    def only(self, right: str) -> Client:
        """One who may look at everything and has this permission besides, or these."""
        return self._staff(f"only {right}", {*self._views(), *right.split("+")})

    def without(self, right: str) -> Client:
        """One who has every permission but this; whoever may change something may also look at it."""
        return self._staff(f"without {right}", set(self.permissions) - {right, right.replace(".view_", ".change_")})

    def member(self, role: str) -> Client:
        """One of a role's group, who has no admin."""
        name = f"a {role}"
        if name not in self.clients:
            user = User.objects.create_user(name)
            user.groups.set(Group.objects.filter(name=role))
            self.clients[name] = _client(user)
        return self.clients[name]

    def administrator(self) -> Client:
        """One who may do everything."""
        if "administrator" not in self.clients:
            self.clients["administrator"] = _client(User.objects.create_superuser("administrator"))
        return self.clients["administrator"]

    def _views(self) -> set[str]:
        return {name for name in self.permissions if ".view_" in name}

    def _staff(self, name: str, rights: set[str]) -> Client:
        if name not in self.clients:
            user = User.objects.create_user(name, is_staff=True)
            user.user_permissions.set(self.permissions[right] for right in rights)
            self.clients[name] = _client(user)
        return self.clients[name]


def _permissions() -> Iterator[Permission]:
    return Permission.objects.select_related("content_type").iterator()


class PersonClient(Client):
    """A client that knows whether its person may use the admin."""

    has_admin = False


def _client(user: User | None = None) -> Client:
    client = PersonClient(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
        client.has_admin = user.is_staff
    return client
