"""The download of a data set."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.storage.export_formats import FORMS, export, file_name
from training.datasets.storage.kept_exports import kept_export

ZIP = "application/zip"


@require_safe
def download(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """Send a data set in one of the forms; a form that does not fit its pictures is answered with the reason."""
    dataset = get_object_or_404(Dataset, pk=pk)
    if form not in FORMS:
        raise Http404(_("There is no such format."))
    try:
        response = _head(dataset, form) if request.method == "HEAD" else _file(dataset, form)
    except DatasetError as error:
        return render(request, "400.html", {"reason": str(error)}, status=400)
    response["Content-Disposition"] = content_disposition_header(True, file_name(dataset, form)) or "attachment"
    return response


def _head(dataset: Dataset, form: str) -> HttpResponseBase:
    """The head of an answer alone: nothing is made for it."""
    export(dataset, form)
    return HttpResponse(content_type=ZIP)


def _file(dataset: Dataset, form: str) -> HttpResponseBase:
    """The file that is kept; where the disk has no room for it, one that is made as it goes."""
    try:
        return FileResponse(kept_export(dataset, form).open("rb"), content_type=ZIP)
    except OSError:
        return StreamingHttpResponse(export(dataset, form), content_type=ZIP)
