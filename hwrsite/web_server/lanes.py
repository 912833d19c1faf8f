"""Lanes: threads for each kind of request, so that none waits behind another kind; in a lane addresses take turns."""

import asyncio
import re
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, Generic, TypeVar

from hwrsite.web_server.patience import KIB
from hwrsite.web_server.refusals import GoneError, IsGone, RefusedError
from recognizer.lanes import CHANGES, HEAVY, PAGES, PICTURES, READING

T = TypeVar("T")
W = TypeVar("W")
R = TypeVar("R")
AT_ONCE = 16
"""Requests that one thread answers together. More would save little, and each waits for all of them."""
LONGEST_QUEUE = 200
"""Requests of one address that wait in a lane; who has more is told to come again."""
BUSY = 503


def _waits() -> bool:
    return False


class Lane:
    """Threads, and who waits for them: each address has a queue, and the next thread goes to the next address.

    Attributes:
        threads: that work.
        places: requests that are let in at once; mostly as many as there are threads.
        of_an_address: how many of those may be one address's.

    """

    def __init__(
        self, name: str, threads: int, *, of_an_address: int, turn_seconds: float, places: int | None = None
    ) -> None:
        """Start with nobody in it."""
        self.name = name
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._free, self._of_an_address, self._turn_seconds = places or threads, of_an_address, turn_seconds
        self._at_work: Counter[str] = Counter()
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    async def run(self, address: str, work: Callable[[], T], *, is_gone: IsGone = _waits) -> T:
        """Work in a thread of this lane when it is the address's turn.

        Raises:
            RefusedError: its turn does not come.
            GoneError: when it came nobody waited any more; nothing was done.

        """
        async with self._place(address):
            if is_gone():
                raise GoneError
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    @asynccontextmanager
    async def _place(self, address: str) -> AsyncIterator[None]:
        """Be let in when it is the address's turn."""
        ticket = self._ticket(address)
        try:
            try:
                async with asyncio.timeout(self._turn_seconds):
                    await ticket
            except TimeoutError:
                raise RefusedError(BUSY) from None
            yield
        finally:
            self._leave(address, ticket)

    def _ticket(self, address: str) -> "asyncio.Future[None]":
        queue = self._queues.setdefault(address, deque())
        if len(queue) >= LONGEST_QUEUE:
            raise RefusedError(BUSY)
        ticket: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(ticket)
        self._hand_out()
        return ticket

    def _leave(self, address: str, ticket: "asyncio.Future[None]") -> None:
        """Give back the place, which who gives up may just have got, or forget the ticket."""
        if ticket.cancelled():
            self._drop(address, ticket)
        else:
            self._free += 1
            self._at_work -= Counter([address])
            self._hand_out()

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


class JointLane(Lane, Generic[W, R]):
    """A lane for what takes little time and less of it together: a thread takes all that wait, up to AT_ONCE."""

    def __init__(
        self, name: str, threads: int, answer: Callable[[Sequence[W]], Sequence[R | Exception]], *, turn_seconds: float
    ) -> None:
        """Start with nobody in it. `answer` gives each one's outcome, in their order."""
        places = 2 * threads * AT_ONCE  # half of them wait while the threads are at work
        super().__init__(name, threads, places=places, of_an_address=places - AT_ONCE, turn_seconds=turn_seconds)
        self._answer, self._idle = answer, threads
        self._waiting: deque[tuple[W, asyncio.Future[R], IsGone]] = deque()

    async def run_together(self, address: str, work: W, *, is_gone: IsGone = _waits) -> R:
        """Work in a thread of this lane, together with what others want, when it is the address's turn.

        Raises:
            RefusedError: its turn does not come.
            GoneError: when it came nobody waited any more; nothing was done.
            Exception: what the work ended with.

        """
        async with self._place(address):
            future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
            self._waiting.append((work, future, is_gone))
            self._begin()
            return await future

    def _begin(self) -> None:
        """Let every idle thread take what waits."""
        while self._idle and (group := self._group()):
            self._idle -= 1
            works, futures = zip(*group, strict=True)
            done = asyncio.get_running_loop().run_in_executor(self._pool, self._answer, works)
            done.add_done_callback(partial(self._end, futures))

    def _group(self) -> list[tuple[W, asyncio.Future[R]]]:
        """The next that somebody waits for, as many as one thread takes."""
        group: list[tuple[W, asyncio.Future[R]]] = []
        while self._waiting and len(group) < AT_ONCE:
            work, future, is_gone = self._waiting.popleft()
            if not is_gone():
                group.append((work, future))
            elif not future.done():
                future.set_exception(GoneError())
        return group

    def _end(self, futures: Sequence[asyncio.Future[R]], done: asyncio.Future[Sequence[R | Exception]]) -> None:
        self._idle += 1
        failed = done.exception()
        outcomes = [failed] * len(futures) if failed else done.result()
        for future, outcome in zip(futures, outcomes, strict=True):
            if future.done():  # (nobody waits for it any more)
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
        self._begin()


READERS = 1
"""Threads of the joint lane. With two a process reads a tenth more letters at its limit, and each waits longer."""
THREADS = {PICTURES: (2, 1), HEAVY: (2, 1), PAGES: (2, 1), CHANGES: (4, 2)}
"""Threads of each lane, and how many of them one address may have at once."""
SMALL = re.compile(r"POST /api/recognize(/input|/image)?/?$")
SMALL_BYTES = 64 * KIB
"""Of a request that is answered together with others, or else as a picture is: about ten times those of a letter."""
KINDS: tuple[tuple[str, "re.Pattern[str]"], ...] = (
    (HEAVY, re.compile(r"POST (/api/(recognize/batch|nearest|pages)/?|/paper/)$")),
    (PICTURES, re.compile(r"POST (/api/(recognize|words)(/.*)?|/)$")),
    (HEAVY, re.compile(r"GET /(runs|sweeps|devices|data|models)/.*(\.(png|svg|csv|json)|/export/.*)$")),
    (PAGES, re.compile(r"(GET|HEAD|OPTIONS) ")),
)


def lanes(turn_seconds: float) -> dict[str, Lane]:
    """One of each, but for the joint one."""
    return {
        name: Lane(name, threads, of_an_address=most, turn_seconds=turn_seconds)
        for name, (threads, most) in THREADS.items()
    }


def kind(environ: Mapping[str, Any]) -> str:
    """Name of the lane of a request: one that changes anything waits for database locks, and is not a page."""
    line = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
    if SMALL.match(line) and int(environ["CONTENT_LENGTH"]) <= SMALL_BYTES:
        return READING
    return next((name for name, pattern in KINDS if pattern.match(line)), CHANGES)
