"""Who may use an address: a visitor who looks is led to the log-in, everybody else without the right is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def needs(permission: str) -> Callable[[View], View]:
    """Let a view be used by those with a permission, such as `runs.change_run`."""

    def guard(view: View) -> View:
        allowed = permission_required(permission, raise_exception=True)(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            looks = request.method in ("GET", "HEAD")  # what a visitor sends would be lost on the way to the log-in
            if looks and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            return allowed(request, *args, **kwargs)

        return guarded

    return guard


def may_change(user: Any, row: Model) -> bool:
    """Whether somebody may change a row: any row of its kind, or one of his own where he may add such rows."""
    app, model = row._meta.app_label, row._meta.model_name
    is_own = user.is_authenticated and getattr(row, "created_by_id", None) == user.pk
    return bool(user.has_perm(f"{app}.change_{model}") or (is_own and user.has_perm(f"{app}.add_{model}")))


def check_may_change(user: Any, row: Model) -> None:
    """Refuse who may not.

    Raises:
        PermissionDenied: neither may he change every such row, nor is this one his own.

    """
    if not may_change(user, row):
        raise PermissionDenied
