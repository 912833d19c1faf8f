"""The buttons of a run's page, for those who may use them: pause, resume, try again, cancel."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.rights import check_may_change
from accounts.tokens import is_by_token
from training.jobs import lifecycle
from training.jobs.models import CannotStartError
from training.runs.checks import RunError
from training.runs.models import Run
from training.runs.services import retry_run

ACTIONS: dict[str, tuple[Callable[[Run], bool], Any]] = {
    "cancel": (lifecycle.request_cancel, _("Run %(run)d is being cancelled.")),
    "pause": (lifecycle.request_pause, _("Run %(run)d is being paused.")),
    "resume": (lifecycle.resume, _("Run %(run)d is resumed.")),
    "retry": (retry_run, _("Run %(run)d is queued again.")),
}
REFUSED = _("Run %(run)d cannot do that now: it is “%(state)s”.")


@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one of them, and report whether it was done; a program that sends a token hears of a refusal by 409."""
    run = get_object_or_404(Run, pk=pk)
    check_may_change(request.user, run)
    do, done = ACTIONS[action]
    try:
        is_done = retry_run(run, by=request.user) if action == "retry" else do(run)
    except (RunError, CannotStartError) as error:
        return _refused(request, run, messages.ERROR, str(error))
    if not is_done:
        run.refresh_from_db()
        return _refused(request, run, messages.WARNING, REFUSED % {"run": run.pk, "state": run.get_state_display()})
    messages.success(request, done % {"run": run.pk})
    return HttpResponseRedirect(run.get_absolute_url())


def _refused(request: HttpRequest, run: Run, level: int, why: str) -> HttpResponse:
    if is_by_token(request):
        return JsonResponse({"error": why}, status=409)
    messages.add_message(request, level, why)
    return HttpResponseRedirect(run.get_absolute_url())
