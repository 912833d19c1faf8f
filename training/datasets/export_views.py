"""The download of a data set."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from training.datasets.errors import DatasetError
from training.datasets.exporting import FORMS, export, file_name
from training.datasets.models import Dataset


@require_safe
def download(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """Stream a data set in one of the forms; a form that does not fit its pictures is answered with the reason."""
    dataset = get_object_or_404(Dataset, pk=pk)
    if form not in FORMS:
        raise Http404(_("There is no such form."))
    try:
        pieces = export(dataset, form)
    except DatasetError as error:
        return render(request, "400.html", {"reason": str(error)}, status=400)
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse(content_type="application/zip")
    else:
        response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, file_name(dataset, form)) or "attachment"
    return response
