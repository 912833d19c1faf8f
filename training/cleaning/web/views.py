"""The review of findings: everybody may look, those with the permission to change data sets decide."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import needs
from training.cleaning import decisions, findings, services
from training.cleaning.findings import Filter
from training.cleaning.models import Action, Cleaning, FindingKind
from training.cleaning.web.presentation import kind_choices, shown_decision, tiles, version_name
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.web.charts import split_name
from training.datasets.web.sprite_sheets import index_of
from training.jobs.models import FINISHED

ON_A_PAGE = 60
MOST_AT_ONCE = 1000


@require_safe
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Findings of the newest label check, a page at a time."""
    dataset = get_object_or_404(Dataset, pk=pk)
    cleaning = findings.latest(dataset)
    running = Cleaning.objects.filter(dataset=dataset).exclude(state__in=FINISHED).first()
    tally = decisions.tally(dataset)
    context: dict[str, Any] = {
        "dataset": dataset,
        "cleaning": cleaning,
        "running": running,
        "tally": [(Action(action).label, count) for action, count in tally.items()],
        "decided": sum(tally.values()),
        "new_name": version_name(dataset),
        "section": "datasets",
    }
    if cleaning is not None:
        context |= _list(request, dataset, cleaning)
    return render(request, "cleaning/review.html", context)


def _list(request: HttpRequest, dataset: Dataset, cleaning: Cleaning) -> dict[str, Any]:
    """What the page shows of the findings."""
    counts = findings.open_counts(cleaning)
    wanted = _filter(
        request, dataset, default=next((kind for kind in FindingKind if counts.get(kind)), FindingKind.LABEL)
    )
    page = Paginator(findings.matching(cleaning, wanted), ON_A_PAGE).get_page(request.GET.get("page"))
    choice = {
        "kind": wanted.kind.value,
        "letter": "" if wanted.label is None else dataset.letters[wanted.label],
        "split": "" if wanted.split is None else Split(wanted.split).key,
        "decided": "1" if wanted.decided else "",
    }
    query = "".join(f"{name}={value}&" for name, value in choice.items() if value)
    return {
        "page": page,
        "query": query,
        "choice": choice,
        "kinds": kind_choices(cleaning, counts),
        "splits": [(each.key, split_name(each)) for each in Split],
        **tiles(dataset, list(page)),
    }


def _filter(request: HttpRequest, dataset: Dataset, *, default: FindingKind) -> Filter:
    """Read the filter of an address; what is unknown counts as not asked for."""
    kind, letter, split = (request.GET.get(name, "") for name in ("kind", "letter", "split"))
    label = dataset.letters.find(letter) if len(letter) == 1 else -1
    return Filter(
        FindingKind(kind) if kind in FindingKind.values else default,
        split=next((each.value for each in Split if each.key == split), None),
        label=label if label >= 0 else None,
        decided=bool(request.GET.get("decided")),
    )


@require_POST
@needs("datasets.change_dataset")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on pictures, or take the last decision back; answers with JSON where that is wanted."""
    dataset = get_object_or_404(Dataset, pk=pk)
    try:
        pictures = _done(request, dataset)
    except DatasetError as error:
        if _wants_json(request):
            return JsonResponse({"error": str(error)}, status=400)
        messages.error(request, str(error))
        pictures = []
    except FileNotFoundError:
        raise Http404(_("The pictures of this data set are missing.")) from None
    if _wants_json(request):
        held = decisions.current(dataset, pictures)
        return JsonResponse({"decisions": {number: shown_decision(dataset, held.get(number)) for number in pictures}})
    return _back(request, pk)


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the page that asked, if it is one of ours, else to the review."""
    page = request.POST.get("next", "")
    if page and url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return redirect(page)
    back = redirect("cleaning:review", pk=pk)
    back["Location"] += "?" + request.GET.urlencode() if request.GET else ""
    return back


def _done(request: HttpRequest, dataset: Dataset) -> Sequence[int]:
    """Do what was asked for and return the pictures that it was done to.

    A tile's button says all in one value (`relabel:17:Ж`); the buttons of the bar act on the pictures that are
    ticked, or on the whole list.
    """
    action, _colon, rest = request.POST.get("do", "").partition(":")
    if action == "undo":
        return services.undo(dataset, by=request.user)
    if action not in Action.values:
        raise DatasetError(_("No action was chosen."))
    number, _colon, letter = rest.partition(":")
    pictures = _numbers([number]) if number else _chosen(request, dataset)
    letter = letter or request.POST.get("letter", "")
    services.decide(dataset, index_of(dataset), pictures, Action(action), letter=letter, by=request.user)
    return pictures


def _chosen(request: HttpRequest, dataset: Dataset) -> list[int]:
    cleaning = findings.latest(dataset)
    if request.POST.get("all") and cleaning is not None:
        wanted = _filter(request, dataset, default=FindingKind.LABEL)
        return list(findings.matching(cleaning, wanted).values_list("picture", flat=True))
    return _numbers(request.POST.getlist("picture")[:MOST_AT_ONCE])


def _numbers(texts: list[str]) -> list[int]:
    try:
        return [int(text[:12]) for text in texts]
    except ValueError as error:
        raise DatasetError(_("Pictures are asked for by their numbers.")) from error


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
