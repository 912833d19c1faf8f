"""The draw page as an application that can be installed and used without a network: its files, kept as one release."""

import hashlib
import json
import posixpath
import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recognizer.web import panel
from recognizer.web.draw_page import draw_context

PAGES = {"draw": "recognizer/draw.html", "away": "recognizer/away.html"}
LANGUAGES = [code for code, _name in settings.LANGUAGES]
_IMPORTS = {
    "js": re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']"""),
    "css": re.compile(r"""@import\s+(?:url\()?["']([^"']+)["']"""),
}
_FILE = re.compile(rf"""(?:href|src|data-(?:worker|script|kernel)-url)="({re.escape(settings.STATIC_URL)}[^"]+)\"""")
PAPER = "#faf6ea"


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Send the service worker, which names all files of the release that it keeps."""
    script = static("js/offline/service_worker.js")
    release = release_of(json.dumps(draw_context()["model"]))
    content = f"const RELEASE = {json.dumps(release)};\nimportScripts({json.dumps(script)});\n"
    return HttpResponse(content, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_safe
def kept_page(request: HttpRequest, release: str, language: str, page: str) -> HttpResponse:
    """Send a page for the service worker to keep; it is the same for every visitor."""
    current = release_of(json.dumps(draw_context()["model"]))
    if release != current["name"] or language not in LANGUAGES or page not in PAGES:
        raise Http404
    return HttpResponse(_rendered(page, language), headers={"Cache-Control": "no-store"})


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Describe the page as an application."""
    icons = [
        {"src": static(f"img/icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png"} for side in (192, 512)
    ]
    maskable = {"src": static("img/icon-maskable.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"}
    content = {
        "name": _("Propis"),
        "short_name": _("Propis"),
        "description": _("Draw a handwritten Russian letter and see it read by a network of our own."),
        "lang": translation.get_language(),
        "id": "/",
        "start_url": reverse("recognizer:draw"),
        "scope": "/",
        "display": "standalone",
        "theme_color": PAPER,
        "background_color": PAPER,
        "icons": [*icons, maskable],
    }
    return JsonResponse(content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@lru_cache(maxsize=2)
def release_of(model: str) -> dict[str, Any]:
    """Describe the release that has this model (its JSON) in service, for the service worker.

    Its name is the hash of all its pages, which name their files, whose names carry the hashes of their content.
    """
    pages = {language: {page: _rendered(page, language) for page in PAGES} for language in LANGUAGES}
    panels = {panel.address(language): panel.content(language) for language in LANGUAGES}
    contents = [content for each in pages.values() for content in each.values()] + list(panels.values())
    name = hashlib.sha256("\n".join([model, *contents]).encode()).hexdigest()[:16]
    weights = [file] if (file := json.loads(model).get("file")) else []
    return {
        "name": name,
        "pages": {language: {page: _address(name, language, page) for page in PAGES} for language in LANGUAGES},
        "files": sorted({address for content in contents for address in _files_of(content)} | panels.keys()) + weights,
        "setLanguage": reverse("set_language"),
    }


def _address(release: str, language: str, page: str) -> str:
    return reverse("recognizer:kept_page", args=[release, language, page])


def _rendered(page: str, language: str) -> str:
    with translation.override(language):
        return render_to_string(PAGES[page], {**draw_context(), "is_kept": True})


def _files_of(page: str) -> set[str]:
    """The static files that a page needs: those that it names, and what they import."""
    return {each for address in _FILE.findall(page) for each in with_imports(address)}


@lru_cache(maxsize=128)
def with_imports(address: str) -> tuple[str, ...]:
    """List the address of a static file and those of all modules or style sheets that it comes to import.

    Bundles import nothing; scripts do where no bundler runs.
    """
    found: dict[str, None] = {}
    waiting = [address]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found[current] = None
            if pattern := _IMPORTS.get(current.rpartition(".")[2]):
                folder = posixpath.dirname(current)
                waiting += [posixpath.normpath(f"{folder}/{each}") for each in pattern.findall(_content(current))]
    return tuple(found)


def _content(address: str) -> str:
    """The text of a static file, collected or, where files are not collected, from where it lies."""
    name = address.removeprefix(settings.STATIC_URL)
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return str(file.read().decode("utf-8"))
    path = finders.find(name)
    if path is None:
        return ""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()
