"""Pages of one's own account: signing in and out, the password, sessions, tokens, one's data, the end of it."""

from typing import Any, cast
from urllib.parse import urlencode

from axes.utils import reset
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import own_data, second_factor, sign_ins, tokens
from accounts.administrators import LastAdministratorError
from accounts.models import User
from accounts.roles import role_of
from accounts.web.forms import DeleteForm, OwnPasswordForm, TokenForm
from accounts.web.second_factor_views import ask_for_code

SECTION = {"section": "account"}


class SignInView(LoginView):
    """A name and a password; where somebody wanted to go is where he goes, on this site alone."""

    template_name = "account/sign_in.html"
    redirect_authenticated_user = True
    extra_context = SECTION

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, or ask who has a second factor for a code first."""
        if not second_factor.is_on(form.get_user()):
            return super().form_valid(form)
        ask_for_code(self.request, form.get_user())
        query = urlencode({"next": self.get_success_url()})
        return HttpResponseRedirect(f"{reverse('account:code')}?{query}")


class SignOutView(LogoutView):
    """Sign out here."""

    http_method_names = ["post", "options"]
    next_page = "/"


class PasswordView(LoginRequiredMixin, PasswordChangeView):
    """Another password; whoever is signed in elsewhere is signed out there."""

    template_name = "account/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("account:home")
    extra_context = SECTION

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form count wrong old passwords."""
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it, and stay signed in here."""
        answer = super().form_valid(form)
        sign_ins.note(self.request, self.request.user)
        messages.success(self.request, _("Your password is changed. You are signed out everywhere else."))
        return answer


@require_safe
@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The account: who one is, where one is signed in, tokens."""
    sign_ins.note(request, request.user)
    return render(request, "account/home.html", _home(request) | {"token_form": TokenForm()})


def _member(request: HttpRequest) -> User:
    """Who asks; the views here are for those who are signed in."""
    return cast("User", request.user)


def _home(request: HttpRequest) -> dict[str, Any]:
    return SECTION | {
        "role": role_of(request.user),
        "sign_ins": sign_ins.of(request.user),
        "here": request.session.session_key,
        "second_factor": second_factor.is_on(request.user),
        "codes_left": second_factor.codes_left(request.user),
        "tokens": _member(request).api_tokens.filter(revoked_at=None),
    }


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out in one browser."""
    sign_ins.end(get_object_or_404(_member(request).sign_ins, pk=pk))
    messages.success(request, _("Signed out there."))
    return redirect("account:home")


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    sign_ins.end_others(request, _member(request))
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("account:home")


@require_safe
@never_cache
@login_required
def export(request: HttpRequest) -> JsonResponse:
    """All that is stored about whoever asks."""
    answer = JsonResponse(own_data.exported(_member(request)), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = 'attachment; filename="propis-account.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account, once the password is typed; wrong ones are counted as those of the log-in are."""
    form = DeleteForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _deleted(request)
    context = SECTION | {"form": form}
    return render(request, "account/delete.html", context, status=422 if form.is_bound else 200)


def _deleted(request: HttpRequest) -> HttpResponse:
    user = _member(request)
    try:
        own_data.delete_account(user, sign_out=lambda: logout(request))
    except LastAdministratorError as error:
        messages.error(request, str(error))
        return redirect("account:delete")
    reset(username=user.get_username())
    messages.success(request, _("Your account is deleted."))
    return HttpResponseRedirect("/")


@require_POST
@never_cache
@login_required
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token, and show it this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return render(request, "account/home.html", _home(request) | {"token_form": form}, status=422)
    try:
        token = tokens.make(request.user, **form.cleaned_data)
    except tokens.TooManyTokensError as error:
        form.add_error(None, str(error))
        return render(request, "account/home.html", _home(request) | {"token_form": form}, status=422)
    context = SECTION | {"token": token, "name": form.cleaned_data["name"], "site": request.build_absolute_uri("/")}
    return render(request, "account/token.html", context)


@require_POST
@login_required
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a token from now on."""
    tokens.revoke(get_object_or_404(_member(request).api_tokens, pk=pk))
    messages.success(request, _("The token is revoked."))
    return HttpResponseRedirect(f"{reverse('account:home')}#tokens")
