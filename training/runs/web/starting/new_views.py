"""A new run from a public page, for who may start runs and has no admin; who has it is led to its form."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
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
from training.runs.web.clone_form import like, run_named
from training.runs.web.forms import RunForm
from training.runs.web.hyperparameter_text import GROUPS
from training.runs.web.starting.plain_form import make_plain, section

FIRST = ("datasets", "preset", "model_name", "copied_from", "shares_shown")
TYPED = ("preset", "model_name", *FIELDS)


class PublicRunForm(RunForm):
    """The form of a new run without its priority, which is for who runs the site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take plain widgets."""
        super().__init__(*args, **kwargs)
        del self.fields["priority"]
        make_plain(self)

    def sections(self) -> list[Any]:
        """The page's parts; all but the first are folded."""
        names = {
            group: [name for name, field in FIELDS.items() if field.group == group]
            + (["teachers"] if group == "cost" else [])
            for group in GROUPS
        }
        parts = [section(self, _(GROUPS[group]), names[group]) for group in names if names[group]]
        return [section(self, "", FIRST), *parts, section(self, _("Notes"), ("tags", "notes"))]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs("runs.add_run")
def new(request: HttpRequest) -> HttpResponse:
    """Describe a run and queue it."""
    if request.user.is_staff and not is_by_token(request):
        return HttpResponseRedirect(f"{reverse('admin:runs_run_add')}?{request.GET.urlencode()}")
    form = PublicRunForm(request.POST) if request.method == "POST" else PublicRunForm(initial=_initial(request.GET))
    if request.method == "POST" and form.is_valid():
        try:
            return started(request, form.create(request.user))
        except RunError as error:
            form.add_error(None, error.message)
    if is_by_token(request):
        return JsonResponse({"error": form.errors}, status=422)
    context = {"section": "runs", "form": form, "quota": quota.used_by(request.user)}
    return render(request, "runs/new.html", context, status=422 if form.errors else 200)


def started(request: HttpRequest, row: Any) -> HttpResponse:
    """Where somebody goes who started a run or a sweep; a program is told its number."""
    if is_by_token(request):
        address = request.build_absolute_uri(row.get_absolute_url())
        return JsonResponse({"id": row.pk, "name": str(row), "address": address}, status=201)
    return HttpResponseRedirect(row.get_absolute_url())


def _initial(query: QueryDict) -> dict[str, Any]:
    """What the address says: a run to copy, or values."""
    typed = {name: query[name] for name in TYPED if name in query}
    other = run_named(query.get("like", ""))
    if other is not None:
        return like(other) | typed
    return typed | ({"datasets": query.get("datasets", "").split(",")} if "datasets" in query else {})
