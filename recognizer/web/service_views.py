"""Putting a model in service and rolling back, from a model's own page or from that of the training that made it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rights import needs
from recognizer import services
from recognizer.loading import CatalogueError
from recognizer.models import StoredModel

may_change = needs("recognizer.change_storedmodel")


@require_POST
@may_change
def put_in_service(request: HttpRequest, pk: int) -> HttpResponse:
    """Let this model read letters from now on, and show its page."""
    model = get_object_or_404(StoredModel, pk=pk)

    def change() -> StoredModel:
        services.activate(model, by=request.user)
        return model

    _report(request, change)
    return HttpResponseRedirect(model.get_absolute_url())


@require_POST
@may_change
def roll_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the model back in service that was there before this one, and show its page."""
    leaving = get_object_or_404(StoredModel, pk=pk)
    now = _report(request, lambda: services.roll_back(by=request.user, leaving=leaving.pk))
    return HttpResponseRedirect((now or leaving).get_absolute_url())


def _report(request: HttpRequest, change: Callable[[], StoredModel]) -> StoredModel | None:
    """Change the service and say which model reads now, or why nothing was changed."""
    try:
        model = change()
    except CatalogueError as error:
        messages.error(request, str(error))
        return None
    words = format_html(
        '{} <a href="{}">{}</a>',
        _("“%(name)s” reads letters from now on.") % {"name": model.name},
        reverse("recognizer:draw"),
        _("Draw one"),
    )
    messages.success(request, words)
    return model
