"""The actions on the page of a sweep."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.rights import check_may_change, may_change, needs
from training.jobs.worker.work_loop import JobFailedError
from training.runs.checks import RunError
from training.runs.worker.finish import PublishError, publish
from training.sweeps import services
from training.sweeps.errors import ControlError, SpaceError
from training.sweeps.models import Sweep
from training.sweeps.web.forms import ExtendForm, TrialForm


def _to_change(request: HttpRequest, pk: int) -> Sweep:
    """The sweep, for who may change it."""
    sweep = get_object_or_404(Sweep, pk=pk)
    check_may_change(request.user, sweep)
    return sweep


def _action_view(act: Callable[[Sweep], bool], done: Callable[[], str]) -> Callable[[HttpRequest, int], HttpResponse]:
    """A view that does one thing and says so; a sweep in a state that does not allow it is left alone."""

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        sweep = _to_change(request, pk)
        if act(sweep):
            messages.success(request, done())
        else:
            messages.warning(request, _("The state of the sweep has changed: nothing was done."))
        return HttpResponseRedirect(sweep.get_absolute_url())

    return view


pause = _action_view(services.pause, lambda: _("The sweep is pausing: running trials stop after their last epoch."))
resume = _action_view(services.resume, lambda: _("The sweep is resumed."))
stop = _action_view(services.stop, lambda: _("No further trials are made; those that run finish."))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel every trial that has not ended."""
    sweep = _to_change(request, pk)
    count = services.cancel(sweep)
    messages.success(request, ngettext("%d trial is being cancelled.", "%d trials are being cancelled.", count) % count)
    return HttpResponseRedirect(sweep.get_absolute_url())


@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the sweep other limits and let it go on."""
    sweep = _to_change(request, pk)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return _refused(request, sweep, form.errors.get_json_data())
    try:
        services.extend(sweep, form.limits())
    except ControlError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The sweep is resumed."))
    return HttpResponseRedirect(sweep.get_absolute_url())


@require_POST
@needs("runs.add_run")
def add_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a trial by hand."""
    sweep = get_object_or_404(Sweep, pk=pk)
    if not may_add_trial(request.user, sweep):
        raise PermissionDenied
    form = TrialForm(sweep, request.POST)
    if not form.is_valid():
        return _refused(request, sweep, form.errors.get_json_data())
    try:
        trial = services.add_trial(sweep, form.cleaned_data)
    except (ControlError, SpaceError, RunError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Run %(run)d waits for a worker.") % {"run": trial.run_id})
    return HttpResponseRedirect(sweep.get_absolute_url())


def may_add_trial(user: Any, sweep: Sweep) -> bool:
    """Whether somebody may add a trial: to his own sweep, or from the admin's side to any."""
    return bool(user.has_perm("runs.add_run") and (user.is_staff or may_change(user, sweep)))


def _refused(request: HttpRequest, sweep: Sweep, errors: dict[str, list[dict[str, str]]]) -> HttpResponse:
    """Say what is wrong at the top of the page."""
    for name, found in errors.items():
        for error in found:
            messages.error(request, f"{name}: {error['message']}" if name != "__all__" else error["message"])
    return HttpResponseRedirect(sweep.get_absolute_url())


@require_POST
@needs("recognizer.add_storedmodel")
def publish_best(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the best trial's network in the catalogue, scored on the test split."""
    sweep = get_object_or_404(Sweep, pk=pk)
    best = sweep.best()
    if best is None:
        messages.error(request, _("No trial of this sweep has succeeded yet."))
        return HttpResponseRedirect(sweep.get_absolute_url())
    try:
        model = publish(best.run)
    except (PublishError, JobFailedError) as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(sweep.get_absolute_url())
    messages.success(request, _("“%(name)s” is in the catalogue.") % {"name": model})
    return HttpResponseRedirect(model.get_absolute_url())
