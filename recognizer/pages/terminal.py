"""Pages read for the command line: each page of each file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from recognizer.loading import CatalogueError, LoadedModel
from recognizer.pages import extra
from recognizer.pages.errors import PageError


def read_pages(path: Path, model: LoadedModel, *, with_lexicon: bool = True) -> Iterator[dict[str, Any]]:
    """Read all pages of a file; one that cannot be read says why, in its place."""
    try:
        extra.require()
        yield from _each(path, model, with_lexicon)
    except OSError as error:
        yield {"file": str(path), "error": error.strerror or "cannot be read"}
    except (PageError, CatalogueError) as error:
        yield {"file": str(path), "error": str(error)}


def _each(path: Path, model: LoadedModel, with_lexicon: bool) -> Iterator[dict[str, Any]]:
    from recognizer.pages import answers, opening, reader  # they need the extra

    for page in opening.open_pages(path.read_bytes()):
        try:
            read = reader.read_opened(page, model, with_lexicon=with_lexicon)
            yield {"file": str(path), **answers.page_answer(read)}
        except PageError as error:
            yield {"file": str(path), "page": page.number, "error": str(error)}
