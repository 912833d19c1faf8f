"""Pages of pictures: sheets of any of them, the average of each letter, examples by letter, split and finding."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from numpy.typing import NDArray

from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import Index
from training.datasets.web import average_letters, filters, picture_marks, sprite_sheets
from training.datasets.web.charts import split_name

PICTURES_ON_A_PAGE = 200
NO_LABEL = -1
YEAR = 31_536_000  # seconds


@require_safe
def pictures(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a sheet of the pictures `?n=1,2,3`. It never changes, so the browser may keep it."""
    dataset = get_object_or_404(Dataset, pk=pk)
    try:
        numbers = [int(text) for text in request.GET.get("n", "")[:4000].split(",")]
    except ValueError:
        return HttpResponseBadRequest(_("Pictures are asked for by their numbers."))
    if len(numbers) > sprite_sheets.MOST or any(not 0 <= number < dataset.pictures for number in numbers):
        raise Http404(_("There are no such pictures."))
    try:
        response = HttpResponse(sprite_sheets.draw(dataset, numbers), content_type="image/png")
    except FileNotFoundError:
        raise Http404(_("The pictures of this data set are missing.")) from None
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response


@require_safe
def average_pictures(request: HttpRequest, pk: int) -> FileResponse:
    """The average of each letter."""
    dataset = get_object_or_404(Dataset, pk=pk)
    try:
        response = FileResponse(average_letters.path_of(dataset).open("rb"), content_type="image/png")
    except (DatasetError, FileNotFoundError):
        raise Http404(_("The pictures of this data set are missing.")) from None
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response


@require_safe
def examples(request: HttpRequest, pk: int) -> HttpResponse:
    """Pictures of a data set, a page at a time, of one letter, split or finding if that is asked for."""
    dataset = get_object_or_404(Dataset, pk=pk)
    try:
        index = sprite_sheets.index_of(dataset)
    except FileNotFoundError:
        raise Http404(_("The pictures of this data set are missing.")) from None
    letter, key = request.GET.get("letter", ""), request.GET.get("split", "")
    others = filters.chosen(dataset, request.GET)
    wanted = _wanted(dataset, index, letter=letter, split=key, others=others)
    page = Paginator(wanted, PICTURES_ON_A_PAGE).get_page(request.GET.get("page"))
    choice = {"letter": letter, "split": key}
    asked = choice | {each.filter.name: each.value for each in others}
    query = "".join(f"{urlencode({name: value})}&" for name, value in asked.items() if value)
    context = _shown(dataset, list(map(int, page)), index.labels)
    context |= {"page": page, "query": query, **choice, "splits": [(each.key, split_name(each)) for each in Split]}
    return render(request, "datasets/examples.html", context | {"others": others})


def _wanted(
    dataset: Dataset, index: Index, *, letter: str, split: str, others: Sequence[filters.Chosen]
) -> NDArray[np.int64]:
    """Numbers (m,) of the pictures that are asked for, in the order of the index; "" is any, what is unknown none."""
    chosen = np.ones(len(index.labels), dtype=np.bool_)
    if letter:
        chosen &= index.labels == (dataset.letters.find(letter) if len(letter) == 1 else NO_LABEL)
    if split:
        chosen &= np.isin(index.splits, [each for each in Split if each.key == split])
    for each in others:
        if each.value and each.value not in dict(each.choices):
            chosen[:] = False
        elif each.value:
            chosen &= np.isin(np.arange(len(chosen)), each.filter.pictures(dataset, each.value))
    return np.flatnonzero(chosen)


def _shown(dataset: Dataset, numbers: list[int], labels: NDArray[np.uint8]) -> dict[str, Any]:
    known = picture_marks.marks(dataset, numbers)
    windows = sprite_sheets.windows(numbers)
    tiles = [(window, dataset.letters[labels[window.picture]], known.get(window.picture)) for window in windows]
    return {
        "dataset": dataset,
        "tiles": tiles,
        "sheet": {
            "url": sprite_sheets.address(dataset, numbers) if numbers else "",
            "width": min(len(numbers), sprite_sheets.COLUMNS) * sprite_sheets.CELL,
            "height": -(-len(numbers) // sprite_sheets.COLUMNS) * sprite_sheets.CELL,
            "cell": sprite_sheets.CELL,
        },
        "section": "datasets",
    }
