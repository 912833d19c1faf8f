"""A page that came with a request, read when its turn comes."""

from typing import Any

from recognizer import active_model
from recognizer.pages import extra
from recognizer.pages.turns import turn


def read_page_file(
    data: bytes, number: int = 1, *, with_preview: bool = False, with_lexicon: bool = True
) -> dict[str, Any]:
    """Read one page of a file, as the API answers.

    Raises:
        recognizer.pages.errors.PageError: there is no page of letters to be read in it.
        recognizer.loading.CatalogueError: the model's answer is not probabilities.

    """
    extra.require()
    from recognizer.pages import answers, opening, reader  # they need the extra, and half a second to import

    with turn():
        page = opening.open_page(data, number)
        model = active_model.get()
        answer = answers.page_answer(reader.read_opened(page, model, with_lexicon=with_lexicon))
        shown = answers.preview(page.greys) if with_preview else None
        return {**answer, "pages": opening.count_pages(data), "model": model.name, "preview": shown}
