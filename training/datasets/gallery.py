"""Pages of pictures: sheets of any of them, the average of each letter, examples by letter, part and finding."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from numpy.typing import NDArray

from training.datasets import averages, filters, sprites
from training.datasets.charts import split_name
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.splitting import Split
from training.datasets.store import Index

PICTURES_ON_A_PAGE = 200
YEAR = 31_536_000  # seconds


@require_safe
def pictures(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a sheet of the pictures `?n=1,2,3`. It never changes, so the browser may keep it."""
    dataset = get_object_or_404(Dataset, pk=pk)
    try:
        numbers = [int(text) for text in request.GET.get("n", "")[:4000].split(",")]
    except ValueError:
        return HttpResponseBadRequest(_("Pictures are asked for by their numbers."))
    if len(numbers) > sprites.MOST or any(not 0 <= number < dataset.pictures for number in numbers):
        raise Http404(_("There are no such pictures."))
    try:
        response = HttpResponse(sprites.draw(dataset, numbers), content_type="image/png")
    except FileNotFoundError:
        raise Http404(_("The pictures of this data set are missing.")) from None
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response


@require_safe
def average_pictures(request: HttpRequest, pk: int) -> FileResponse:
    """The average of each letter."""
    dataset = get_object_or_404(Dataset, pk=pk)
    try:
        response = FileResponse(averages.path_of(dataset).open("rb"), content_type="image/png")
    except (DatasetError, FileNotFoundError):
        raise Http404(_("The pictures of this data set are missing.")) from None
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response


@require_safe
def examples(request: HttpRequest, pk: int) -> HttpResponse:
    """Pictures of a data set, a page at a time, of one letter, part or finding if that is asked for."""
    dataset = get_object_or_404(Dataset, pk=pk)
    try:
        index = sprites.index_of(dataset)
    except FileNotFoundError:
        raise Http404(_("The pictures of this data set are missing.")) from None
    letter, part = request.GET.get("letter", ""), request.GET.get("part", "")
    label = dataset.letters.find(letter) if len(letter) == 1 else -1
    split = next((each for each in Split if each.key == part), None)
    others = filters.chosen(dataset, request.GET)
    wanted = _wanted(dataset, index, label=label if label >= 0 else None, split=split, others=others)
    page = Paginator(wanted, PICTURES_ON_A_PAGE).get_page(request.GET.get("page"))
    choice = {"letter": letter if label >= 0 else "", "part": "" if split is None else split.key}
    asked = choice | {each.filter.name: each.value for each in others}
    query = "".join(f"{name}={value}&" for name, value in asked.items() if value)
    context = _shown(dataset, list(map(int, page)), index.labels)
    context |= {"page": page, "query": query, **choice, "parts": [(each.key, split_name(each)) for each in Split]}
    return render(request, "datasets/examples.html", context | {"others": others})


def _wanted(
    dataset: Dataset, index: Index, *, label: int | None, split: Split | None, others: Sequence[filters.Chosen]
) -> NDArray[np.int64]:
    """Numbers (m,) of the pictures that are asked for, in the order of the index; None is any."""
    chosen = np.ones(len(index.labels), dtype=np.bool_)
    if label is not None:
        chosen &= index.labels == label
    if split is not None:
        chosen &= index.splits == split
    for each in others:
        if each.value:
            chosen &= np.isin(np.arange(len(chosen)), each.filter.pictures(dataset, each.value))
    return np.flatnonzero(chosen)


def _shown(dataset: Dataset, numbers: list[int], labels: NDArray[np.uint8]) -> dict[str, Any]:
    tiles = [(window, dataset.letters[labels[window.picture]]) for window in sprites.windows(numbers)]
    return {
        "dataset": dataset,
        "tiles": tiles,
        "sheet": {
            "url": sprites.address(dataset, numbers) if numbers else "",
            "width": min(len(numbers), sprites.COLUMNS) * sprites.CELL,
            "height": -(-len(numbers) // sprites.COLUMNS) * sprites.CELL,
            "cell": sprites.CELL,
        },
        "section": "datasets",
    }
