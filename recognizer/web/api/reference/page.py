"""Answers /api/docs with a page of the site."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from recognizer.web.api.reference import contract
from recognizer.web.api.reference.texts import said


class ReferencePage(DocsBase):
    """What the API's router calls to show its documentation."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Show all operations, with examples that call the server which is asked."""
        site = request.build_absolute_uri("/").rstrip("/")
        return render(request, "recognizer/api.html", _context(api, site, get_language() or ""))


@lru_cache(maxsize=8)
def _context(api: NinjaAPI, site: str, language: str) -> dict[str, Any]:
    """What the page shows, in the language of now, which is part of the key of what is kept."""
    described = api.get_openapi_schema()
    return {
        "about": said(described["info"]["description"]),
        "groups": contract.groups(described, site),
        "components": contract.components(described),
    }
