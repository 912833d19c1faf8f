"""Lanes: threads for each kind of request, so that none waits behind another kind; in a lane addresses take turns."""

import asyncio
import re
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from hwrsite.web_server.refusals import RefusedError
from recognizer.lanes import CHANGES, HEAVY, PAGES, PICTURES, READING

T = TypeVar("T")
LONGEST_QUEUE = 200
"""Requests of one address that wait in a lane; who has more is told to come again."""
BUSY = 503


class Lane:
    """Threads, and who waits for them: each address has a queue, and the next thread goes to the next address.

    Attributes:
        threads: requests that are worked on at once.
        of_an_address: how many of those may be one address's.

    """

    def __init__(self, name: str, threads: int, *, of_an_address: int, turn_seconds: float) -> None:
        """Start with nobody in it."""
        self.name = name
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._free, self._of_an_address, self._turn_seconds = threads, of_an_address, turn_seconds
        self._at_work: Counter[str] = Counter()
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    async def run(self, address: str, work: Callable[[], T]) -> T:
        """Work in a thread of this lane when it is the address's turn.

        Raises:
            RefusedError: its turn does not come.

        """
        await self._turn(address)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._free += 1
            self._at_work -= Counter([address])
            self._hand_out()

    async def _turn(self, address: str) -> None:
        queue = self._queues.setdefault(address, deque())
        if len(queue) >= LONGEST_QUEUE:
            raise RefusedError(BUSY)
        ticket: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(ticket)
        self._hand_out()
        try:
            async with asyncio.timeout(self._turn_seconds):
                await ticket
        except TimeoutError:
            self._drop(address, ticket)
            raise RefusedError(BUSY) from None
        except asyncio.CancelledError:
            self._drop(address, ticket)
            raise

    def _hand_out(self) -> None:
        """Give free threads to those whose turn it is."""
        while self._free and (address := self._next()) is not None:
            queue = self._queues.pop(address)
            ticket = queue.popleft()
            if queue:
                self._queues[address] = queue  # behind all others
            if not ticket.done():
                ticket.set_result(None)
                self._free -= 1
                self._at_work[address] += 1

    def _next(self) -> str | None:
        return next((each for each in self._queues if self._at_work[each] < self._of_an_address), None)

    def _drop(self, address: str, ticket: "asyncio.Future[None]") -> None:
        """Forget a ticket that nobody waits with any more."""
        with suppress(KeyError, ValueError):
            self._queues[address].remove(ticket)
            if not self._queues[address]:
                del self._queues[address]


THREADS = {READING: (2, 2), PICTURES: (2, 1), HEAVY: (2, 1), PAGES: (4, 2), CHANGES: (4, 2)}
"""Threads of each lane, and how many of them one address may have at once."""
KINDS: tuple[tuple[str, "re.Pattern[str]"], ...] = (
    (READING, re.compile(r"POST /api/recognize(/input)?/?$")),
    (HEAVY, re.compile(r"POST /api/(recognize/batch|nearest)/?$")),
    (PICTURES, re.compile(r"POST (/api/recognize/.*|/)$")),
    (HEAVY, re.compile(r"GET /(runs|sweeps|devices|data|models)/.*(\.(png|svg|csv|json)|/export/.*)$")),
    (PAGES, re.compile(r"(GET|HEAD|OPTIONS) ")),
)


def lanes(turn_seconds: float) -> dict[str, Lane]:
    """One of each."""
    return {
        name: Lane(name, threads, of_an_address=most, turn_seconds=turn_seconds)
        for name, (threads, most) in THREADS.items()
    }


def kind(environ: Mapping[str, Any]) -> str:
    """Name of the lane of a request: one that changes anything waits for database locks, and is not a page."""
    line = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
    return next((name for name, pattern in KINDS if pattern.match(line)), CHANGES)
