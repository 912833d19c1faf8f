"""Forms of accounts."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import UserCreationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ApiToken, JoinCode, User
from accounts.roles import NAMES, TRAINER

MOST_PLACES, MOST_DAYS = 200, 400


class JoinForm(UserCreationForm[User]):
    """A name and a password: nothing else is asked for."""

    class Meta:
        model = User
        fields = ("username",)
        help_texts = {
            "username": gettext_lazy("Letters, digits and @ . + - _ only. Others see it: it need not be your own.")
        }


class CodeForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A new join code."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=list(NAMES.items()), initial=TRAINER)
    places = forms.IntegerField(label=gettext_lazy("Places"), min_value=1, max_value=MOST_PLACES, initial=30)
    days = forms.IntegerField(
        label=gettext_lazy("Days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=7,
        help_text=gettext_lazy("Then nobody joins by it any more, and trainers who did become viewers."),
    )

    class Meta:
        model = JoinCode
        fields = ("role", "places")


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A new token."""

    class Meta:
        model = ApiToken
        fields = ("name", "scope")
        help_texts = {"name": gettext_lazy("What it is for, so that you know which one to revoke.")}


class DeleteForm(forms.Form):
    """The account's password, so that nobody deletes it at a screen that was left open."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Take who asks."""
        super().__init__(*args, **kwargs)
        self._request = request

    def clean_password(self) -> str:
        """Refuse a wrong one; it counts as one of the log-in does, and locks out after as many."""
        password: str = self.cleaned_data["password"]
        name = self._request.user.get_username()
        if authenticate(self._request, username=name, password=password) != self._request.user:
            raise ValidationError(_("This is not your password."))
        return password
