"""The API: letters in, readings out. Its documentation is at /api/docs, and docs/api.md for who calls it."""

from functools import lru_cache
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from recognizer.web.api import description, donations, nearest, pages, readings, refusals, words
from recognizer.web.api.letters import DrawnLetter, EncodedInput, LetterBatch, PictureForm
from recognizer.web.api.reference.page import ReferencePage

BODIES = (
    DrawnLetter,
    words.DrawnWord,
    PictureForm,
    EncodedInput,
    LetterBatch,
    pages.PageForm,
    donations.Donation,
    donations.DeletionRequest,
)


class ReadableJSON(JSONRenderer):
    """JSON with letters as they are, for people who look at it in a terminal."""

    json_dumps_params = {"ensure_ascii": False}


class PropisAPI(NinjaAPI):
    """The API, whose description is made once: it takes longer than a reading."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Describe the API as OpenAPI has it."""
        return self._described(self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Name an operation, as functions of generated clients are called."""
        return str(operation.view_func.__name__)

    @lru_cache(maxsize=4)  # noqa: B019  (there is one API, and it is never thrown away)
    def _described(self, prefix: str) -> OpenAPISchema:
        described = super().get_openapi_schema(path_prefix=prefix)
        description.complete(described, BODIES)
        return described


api = PropisAPI(
    title=description.TITLE,
    version=description.VERSION,
    description=description.ABOUT,
    urls_namespace="api",
    servers=description.SERVERS,
    openapi_extra=description.WHOLE,
    renderer=ReadableJSON(),
    docs=ReferencePage(),
)
refusals.install(api)
api.add_router("", readings.router)
api.add_router("", pages.router)
api.add_router("/words", words.router)
api.add_router("/nearest", nearest.router)
api.add_router("/drawings", donations.router)
