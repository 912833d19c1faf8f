"""The site's addresses, and one more with a view that does nothing: it goes through the same server and middleware."""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from hwrsite import urls
from hwrsite.urls import handler400 as handler400


def empty(_request: HttpRequest) -> JsonResponse:
    """Answer `{}`."""
    return JsonResponse({})


urlpatterns = [path("api/empty", empty), *urls.urlpatterns]
