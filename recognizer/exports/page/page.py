"""The page: the project's own modules and styles in one file, with the weights in it. See docs/exports.md."""

import base64
import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from recognizer.core import model_file
from recognizer.core.ink import SPECIFICATIONS
from recognizer.exports import bundler
from recognizer.exports.errors import ExportError
from recognizer.exports.reading_texts import reading_texts
from recognizer.messages import gettext as _

INKS = tuple(name for name in SPECIFICATIONS if name != "raw-28")
"""Ink specifications that static/js/ink/ has, too."""
LANGUAGES = (("en", "English"), ("ru", "Русский"))
PICTURE = re.compile(r'url\("?\.\./(img/[\w.-]+)"?\)')
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


def to_page(content: bytes) -> str:
    """The page of a model file's bytes: the same text for the same file and the same sources.

    Raises:
        ExportError: the browser does not know its ink specification, or Bun does not run on this machine.
        recognizer.core.model_file.ModelFileError: the file is damaged.

    """
    model = model_file.read(content)
    card = model.card
    if card.ink_specification not in INKS:
        raise ExportError(
            _("“%(name)s” reads %(ink)s, and a page knows only %(known)s.")
            % {"name": card.name, "ink": card.ink_specification, "known": ", ".join(INKS)}
        )
    static = Path(settings.BASE_DIR) / "static"
    style, script = _sources(static, max(path.stat().st_mtime_ns for path in static.glob("**/*.*s")))
    return render_to_string(
        "exports/page.html",
        {
            "languages": LANGUAGES,
            "card": card,
            "sha256": model.sha256,
            "best_rows": range(5),
            "policy": _policy(style, script),
            "style": mark_safe(style),  # noqa: S308  # ours, as are the others
            "script": mark_safe(script),  # noqa: S308
            "texts": _json({code: _texts(code) for code, _name in LANGUAGES}),
            "model": _json({"name": card.name, "ink": card.ink_specification, "sha256": model.sha256}),
            "weights": base64.b64encode(content).decode("ascii"),
        },
    )


@lru_cache(maxsize=1)
def _sources(static: Path, newest: int) -> tuple[str, str]:
    """Style and script, each with all that it imports; made anew after a change, `newest` in nanoseconds."""
    try:
        style = PICTURE.sub(lambda found: _address(static / found[1]), bundler.style(static / "css" / "standalone.css"))
        script = bundler.script(static / "js" / "standalone" / "page.js")
    except bundler.BundlerMissingError as error:
        raise ExportError(
            _("A page needs Bun, which puts its scripts together: %(why)s.") % {"why": str(error)}
        ) from error
    except CommandError as error:
        raise ExportError(str(error)) from error
    return style.strip(), re.sub(r"</(?=script)", r"<\\/", script.strip(), flags=re.IGNORECASE)


def _address(path: Path) -> str:
    """A picture as its own address."""
    coded = base64.b64encode(path.read_bytes()).decode("ascii")
    return f'url("data:{TYPES[path.suffix]};base64,{coded}")'


def _policy(style: str, script: str) -> str:
    """Nothing but this style and this script: a browser then refuses every request, whoever made it."""
    allowed = [
        base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") for text in (style, script)
    ]
    return f"default-src 'none'; style-src 'sha256-{allowed[0]}'; script-src 'sha256-{allowed[1]}'; img-src data:"


def _texts(language: str) -> dict[str, Any]:
    """What the script says, in a language."""
    with translation.override(language):
        return {
            **reading_texts(),
            "title": _("Draw a Russian letter"),
            "dot": _("Only a dot is drawn, and no letter is one: draw a letter."),
            "unreadable": _("This cannot be read as a letter: clear the sheet and draw it again."),
        }


def _json(value: Any) -> str:
    """JSON for a block of data in a page: nothing in it can end the block."""
    return mark_safe(json.dumps(value, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c"))  # noqa: S308
