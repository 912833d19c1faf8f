"""A new sweep from a public page, for who may start sweeps and has no admin; who has it is led to its form."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.rights import needs
from accounts.tokens import is_by_token
from training.core.hyperparameters import FIELDS
from training.runs import quota
from training.runs.checks import RunError
from training.runs.web.starting.new_views import started
from training.runs.web.starting.plain_form import make_plain, section
from training.sweeps.web.forms import SweepForm, axis_field_name

FIRST = ("learning_rate", "batch_size", "hidden_layers", "l2")
ENDS = ("max_trials", "max_hours", "parallel", "target", "patience", "prune")
PURSUES = ("second_objective", "seed", "repeat_best", "repeats")


class PublicSweepForm(SweepForm):
    """The form of a new sweep on a public page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take plain widgets."""
        super().__init__(*args, **kwargs)
        make_plain(self)

    def sections(self) -> list[Any]:
        """The page's parts; what is seldom varied is folded."""
        others = [axis_field_name(name) for name in FIELDS if name not in FIRST]
        return [
            section(self, "", ("name", "dataset", "preset", "strategy", "changes")),
            section(self, _("Several data sets"), ("further",)),
            section(self, _("What is varied"), map(axis_field_name, FIRST)),
            section(self, _("What else can be varied"), others),
            section(self, _("When it ends"), ENDS),
            section(self, _("What it pursues, and repeats"), PURSUES),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs("sweeps.add_sweep")
def new(request: HttpRequest) -> HttpResponse:
    """Describe a sweep and start it."""
    if request.user.is_staff and not is_by_token(request):
        return HttpResponseRedirect(f"{reverse('admin:sweeps_sweep_add')}?{request.GET.urlencode()}")
    initial = {"dataset": request.GET.get("dataset", "")[:20]}
    form = PublicSweepForm(request.POST) if request.method == "POST" else PublicSweepForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return started(request, form.create(request.user))
        except RunError as error:
            form.add_error(None, error.message)
    if is_by_token(request):
        return JsonResponse({"error": form.errors}, status=422)
    context = {"section": "sweeps", "form": form, "quota": quota.used_by(request.user)}
    return render(request, "sweeps/new.html", context, status=422 if form.errors else 200)
