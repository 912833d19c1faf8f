"""Answers to requests that Django itself refuses."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what is wrong with a request: too large is not the same as not understood."""
    status = 413 if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent) else 400
    return render(request, f"{status}.html", status=status)
