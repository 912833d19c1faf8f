"""What a person does on the page of a sweep."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from training.jobs.working import JobFailedError
from training.runs.conclusion import PublishError, publish
from training.runs.creation import RunError
from training.sweeps import control
from training.sweeps.errors import ControlError, SpaceError
from training.sweeps.forms import ExtendForm, TrialForm
from training.sweeps.models import Sweep

may_change = permission_required("runs.change_run", raise_exception=True)


def _simple(act: Callable[[Sweep], bool], done: Callable[[], str]) -> Callable[[HttpRequest, int], HttpResponse]:
    """A view that does one thing, and says so; a sweep that stands otherwise by now is left alone."""

    @require_POST
    @may_change
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        sweep = get_object_or_404(Sweep, pk=pk)
        if act(sweep):
            messages.success(request, done())
        else:
            messages.warning(request, _("The sweep does not stand so any more: nothing was done."))
        return HttpResponseRedirect(sweep.get_absolute_url())

    return view


pause = _simple(control.pause, lambda: _("The sweep pauses: what runs stops after its last epoch."))
resume = _simple(control.resume, lambda: _("The sweep goes on."))
stop = _simple(control.stop, lambda: _("No further trials are made; what runs trains to its end."))


@require_POST
@may_change
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel every trial that has not ended."""
    sweep = get_object_or_404(Sweep, pk=pk)
    count = control.cancel(sweep)
    messages.success(request, ngettext("%d trial is being cancelled.", "%d trials are being cancelled.", count) % count)
    return HttpResponseRedirect(sweep.get_absolute_url())


@require_POST
@may_change
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the sweep other limits and let it go on."""
    sweep = get_object_or_404(Sweep, pk=pk)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return _refused(request, sweep, form.errors.get_json_data())
    try:
        control.extend(sweep, form.limits())
    except ControlError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The sweep goes on."))
    return HttpResponseRedirect(sweep.get_absolute_url())


@require_POST
@permission_required("runs.add_run", raise_exception=True)
def add_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a trial by hand."""
    sweep = get_object_or_404(Sweep, pk=pk)
    form = TrialForm(sweep, request.POST)
    if not form.is_valid():
        return _refused(request, sweep, form.errors.get_json_data())
    try:
        trial = control.add_trial(sweep, form.cleaned_data)
    except (ControlError, SpaceError, RunError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Run %(run)d waits for a worker.") % {"run": trial.run_id})
    return HttpResponseRedirect(sweep.get_absolute_url())


def _refused(request: HttpRequest, sweep: Sweep, errors: dict[str, list[dict[str, str]]]) -> HttpResponse:
    """Say what is wrong at the top of the page."""
    for name, found in errors.items():
        for error in found:
            messages.error(request, f"{name}: {error['message']}" if name != "__all__" else error["message"])
    return HttpResponseRedirect(sweep.get_absolute_url())


@require_POST
@permission_required("recognizer.add_storedmodel", raise_exception=True)
def publish_best(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the best trial's network in the catalogue, scored on the test split."""
    sweep = get_object_or_404(Sweep, pk=pk)
    best = sweep.best()
    if best is None:
        messages.error(request, _("No trial of this sweep has ended well yet."))
        return HttpResponseRedirect(sweep.get_absolute_url())
    try:
        model = publish(best.run)
    except (PublishError, JobFailedError) as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(sweep.get_absolute_url())
    messages.success(request, _("“%(name)s” is in the catalogue.") % {"name": model})
    return HttpResponseRedirect(model.get_absolute_url())
