"""The admin's site: one signs in and changes one's password where everybody does."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from unfold.sites import UnfoldAdminSite


class OneSignInSite(UnfoldAdminSite):  # type: ignore[misc]  # it comes without types
    """The theme's site without log-in and password forms of its own: what guards the public ones guards it."""

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Show the form of the public pages, to who has no admin as well: he may sign in as somebody else."""
        from accounts.web.views import SignInView  # imports the tables, which are not there yet when this module is

        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        words = _("You are signed in as %(name)s, who may not use the admin.") if request.user.is_authenticated else ""
        refusal = words % {"name": request.user.get_username()} if words else ""
        shown = {"section": "account", "refusal": refusal}
        sign_in = SignInView.as_view(redirect_authenticated_user=False, next_page="admin:index", extra_context=shown)
        return sign_in(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Lead to one's account."""
        return redirect("account:password")
