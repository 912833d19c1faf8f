"""Lanes of the web server, as far as the site has a say: a large picture is read in another one than the small ones.

A request's environment names the lane that it came by, and what it costs is known only once its picture is looked at.
Where that is too much, the site names another lane, and the web server brings the request again, through that one.
Small letters that wait at the same time are answered together, and what is cheaper for many at once is left to the end.
Other servers name no lane: there everything is read as it comes, and by itself.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.http import HttpRequest

LANE, OTHER_LANE, TOGETHER = "propis.lane", "propis.other-lane", "propis.together"
READING, PICTURES, HEAVY, PAGES, CHANGES = "reading", "pictures", "heavy", "pages", "changes"
MOST_PIXELS = {READING: 400_000, PICTURES: 4_000_000}
"""Of a picture that is read in a lane."""
LARGER = {READING: PICTURES, PICTURES: HEAVY}
Begun = TypeVar("Begun")
Done = TypeVar("Done")


class Together(Generic[Begun, Done]):
    """What is left of several requests, to be done at once when the first of their answers is looked at.

    Attributes:
        finish: does it, and gives what becomes of each, in their order.

    """

    def __init__(self, finish: Callable[[Sequence[Begun]], Sequence[Done]]) -> None:
        """Begin with none."""
        self._finish = finish
        self._begun: list[Begun] = []
        self._done: Sequence[Done] | None = None

    def add(self, begun: Begun) -> Callable[[], Done]:
        """Add one; what is given back gives what became of it, once all are added."""
        place = len(self._begun)
        self._begun.append(begun)
        return lambda: self._all()[place]

    def _all(self) -> Sequence[Done]:
        if self._done is None:
            self._done = self._finish(self._begun)
        return self._done


def together(request: HttpRequest, finish: Callable[[Sequence[Begun]], Sequence[Done]]) -> Together[Begun, Done] | None:
    """What is left of the requests that this one is answered together with; None where it is answered by itself."""
    shared: dict[Any, Together[Begun, Done]] | None = request.META.get(TOGETHER)
    return None if shared is None else shared.setdefault(finish, Together(finish))


def most_pixels(request: HttpRequest) -> int | None:
    """How large a picture may be to be read in this request's lane; None for any size."""
    return MOST_PIXELS.get(request.META.get(LANE, ""))


def change(request: HttpRequest) -> None:
    """Have the request brought again, through the lane of larger pictures; what is answered now is seen by nobody."""
    request.META[OTHER_LANE] = LARGER[request.META[LANE]]
