"""Who may use an address: a visitor who looks is led to the log-in, everybody else without the right is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.views import redirect_to_login
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
