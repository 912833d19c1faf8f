"""What a browser posts: less than an agent does, and nothing in it is a text of its own."""

from typing import Annotated

from django.utils import timezone
from pydantic import Field

from recognizer.messages import gettext as _
from training.devices.fleet.refusals import AgentRefusedError
from training.devices.fleet.results import Posted, PostedMeasurement
from training.devices.models import Benchmark

PRODUCTS_A_SECOND = 1e12
"""No core of any machine multiplies and adds more pairs of numbers in a second in the 128 bits that WebAssembly has."""
LATE = 1.05, 2.0
"""How much longer than the server's clock a browser's may have run: a factor, and seconds."""


class PostedBrowser(Posted):
    """How the browser measured.

    Attributes:
        clock_seconds: the smallest step of its clock that was seen.
        hidden: whether the page was in the background meanwhile.

    """

    clock_seconds: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    isolated: bool
    hidden: bool


class PostedBrowserResult(PostedMeasurement):
    """What a browser measured."""

    environment: PostedBrowser


def check_possible(posted: PostedBrowserResult, benchmark: Benchmark) -> None:
    """Refuse times that nothing can compute in, and more time than has passed here since the browser asked.

    Raises:
        AgentRefusedError: the times are impossible.

    """
    least = benchmark.images * benchmark.model.parameters / PRODUCTS_A_SECOND
    if min(posted.seconds) < least:
        raise AgentRefusedError(422, _("The result has times that no machine can reach."))
    begun = benchmark.started_at or benchmark.created_at
    passed = (timezone.now() - begun).total_seconds()
    factor, seconds = LATE
    if sum(posted.seconds) > factor * passed + seconds:
        raise AgentRefusedError(422, _("The result has more seconds than have passed since the job was begun."))
