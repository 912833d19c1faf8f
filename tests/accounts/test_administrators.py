"""The last administrator stays one, and nobody makes himself one."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.administrators import administrators
from accounts.models import User

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/user/"
STAYS = "This is the last administrator"


def fields(user: User, **changed: str) -> dict[str, str]:
    """The form of a person as a browser sends it; a box that is not ticked is not sent."""
    ticked = {"is_active": "on", "is_staff": "on", "is_superuser": "on"}
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    sent = {"username": user.username, **ticked, **joined, **changed}
    return {name: value for name, value in sent.items() if value}


def delete_chosen(client: Client, *users: User) -> str:
    """Delete people from the list, and say yes."""
    chosen = {"action": "delete_selected", "_selected_action": [user.pk for user in users], "post": "yes"}
    return client.post(LIST, chosen, follow=True).content.decode()


@pytest.mark.parametrize("box", ["is_superuser", "is_staff", "is_active"])
def test_the_last_one_is_not_demoted(admin_client: Client, admin_user: User, box: str) -> None:
    url = reverse("admin:accounts_user_change", args=[admin_user.pk])
    User.objects.create_superuser("shut out", is_active=False)
    assert STAYS in admin_client.post(url, fields(admin_user, **{box: ""})).content.decode()
    assert administrators().get() == admin_user
    User.objects.create_superuser("second")
    assert admin_client.post(url, fields(admin_user, **{box: ""})).status_code == 302
    assert administrators().get().username == "second"


def test_the_last_one_is_not_deleted(admin_client: Client, admin_user: User) -> None:
    url = reverse("admin:accounts_user_delete", args=[admin_user.pk])
    assert STAYS in admin_client.post(url, {"post": "yes"}, follow=True).content.decode()
    other = User.objects.create_user("other")
    assert STAYS in delete_chosen(admin_client, admin_user, other)
    assert User.objects.count() == 2
    assert "Successfully deleted" in delete_chosen(admin_client, other)
    second = User.objects.create_superuser("second")
    delete_chosen(admin_client, second)
    assert User.objects.get() == admin_user


class TestWhoMayChangePeople:
    """One of the staff who may change and delete people is not above administrators."""

    @pytest.fixture
    def clerk(self, client: Client) -> User:
        """One with these permissions, signed in."""
        user = User.objects.create_user("clerk", is_staff=True)
        rights = ["view_user", "change_user", "delete_user", "view_group", "change_group"]
        user.user_permissions.set(Permission.objects.filter(codename__in=rights))
        client.force_login(user)
        return user

    def test_makes_nobody_an_administrator(self, client: Client, clerk: User) -> None:
        url = reverse("admin:accounts_user_change", args=[clerk.pk])
        some = Permission.objects.exclude(user=clerk)[:3]
        sent = fields(clerk, first_name="Anna") | {"user_permissions": [right.pk for right in some]}
        assert client.post(url, sent).status_code == 302
        clerk.refresh_from_db()
        assert (clerk.first_name, clerk.is_superuser, clerk.user_permissions.count()) == ("Anna", False, 5)

    def test_does_not_touch_an_administrator(self, client: Client, clerk: User, admin_user: User) -> None:
        for name in ("admin:accounts_user_change", "admin:accounts_user_delete", "admin:auth_user_password_change"):
            password = {"password1": "new-password-1917", "password2": "new-password-1917", "post": "yes"}
            assert client.post(reverse(name, args=[admin_user.pk]), fields(admin_user) | password).status_code == 403
        User.objects.create_superuser("second")
        delete_chosen(client, admin_user, User.objects.create_user("other"))
        assert set(User.objects.values_list("username", flat=True)) >= {"admin", "second", "clerk"}
