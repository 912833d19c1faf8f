"""Forms of accounts."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm, UserCreationForm
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import second_factor
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


def check_password(request: HttpRequest, password: str) -> str:
    """Check that a password is that of who asks; wrong ones count, and lock out, as those of the log-in do.

    Raises:
        ValidationError: it is another one, or no more may be tried.

    """
    if authenticate(request, username=request.user.get_username(), password=password) != request.user:
        raise ValidationError(_("This is not your password."))
    return password


def _password(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class DeleteForm(forms.Form):
    """The account's password, so that nobody deletes it at a screen that was left open."""

    password = _password(gettext_lazy("Password"))

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Take who asks."""
        super().__init__(*args, **kwargs)
        self._request = request

    def clean_password(self) -> str:
        """Refuse a wrong one."""
        return check_password(self._request, self.cleaned_data["password"])


class OwnPasswordForm(PasswordChangeForm):
    """Another password, for who knows the old one."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Take who asks."""
        super().__init__(*args, **kwargs)
        self._request = request

    def clean_old_password(self) -> str:
        """Refuse a wrong one; guesses are limited, which those of Django's own form are not."""
        return check_password(self._request, self.cleaned_data["old_password"])


def _code(help_text: Any) -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
    return forms.CharField(
        label=gettext_lazy("Code"), max_length=40, widget=forms.TextInput(attrs=attributes), help_text=help_text
    )


class CodeOfFactorForm(forms.Form):
    """A code of somebody's second factor."""

    code = _code(gettext_lazy("Six digits from the app, or a recovery code."))

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        """Take whose code it should be."""
        super().__init__(*args, **kwargs)
        self._request, self._user = request, user

    def clean_code(self) -> str:
        """Refuse a wrong one."""
        code: str = self.cleaned_data["code"]
        if not second_factor.is_right(self._request, self._user, code):
            raise ValidationError(
                _("This is no code of yours, or it was used before. After a wrong one, wait a little.")
            )
        return code


class TurnOnForm(DeleteForm):
    """The password, so that nobody shuts out the owner of a screen that was left open, and a first code of the app."""

    code = _code(gettext_lazy("The six digits that the app now shows."))
    key = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        """Take who turns it on."""
        super().__init__(request, *args, **kwargs)
        self._user = user
        self.recovery_codes: list[str] = []

    def clean(self) -> dict[str, Any]:
        """Turn it on, where password and code are right."""
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        try:
            device = second_factor.offered(self._user, values["key"])
        except signing.BadSignature as error:
            raise ValidationError(_("This page was open for too long: begin again.")) from error
        made = second_factor.turn_on(device, "".join(values["code"].split()))
        if made is None:
            self.add_error("code", _("This is not the code that the app shows. Is the clock of this machine right?"))
        else:
            self.recovery_codes = made
        return values
