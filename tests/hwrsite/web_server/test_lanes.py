"""Lanes: kinds of requests do not wait for each other, addresses take turns, and nobody waits for ever."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence

import pytest

from hwrsite.web_server import lanes as server_lanes
from hwrsite.web_server.lanes import AT_ONCE, JointLane, Lane, kind
from hwrsite.web_server.refusals import GoneError, RefusedError
from recognizer import lanes


@pytest.mark.parametrize(
    ("method", "path", "lane"),
    [
        ("POST", "/api/recognize", lanes.READING),
        ("POST", "/api/recognize/input", lanes.READING),
        ("POST", "/api/recognize/image", lanes.READING),
        ("POST", "/api/recognize/batch", lanes.HEAVY),
        ("POST", "/", lanes.PICTURES),
        ("GET", "/", lanes.PAGES),
        ("GET", "/data/3/export/npz/", lanes.HEAVY),
        ("GET", "/devices/times.png", lanes.HEAVY),
        ("GET", "/runs/3/", lanes.PAGES),
        ("POST", "/admin/login/", lanes.CHANGES),
        ("DELETE", "/", lanes.CHANGES),
    ],
)
def test_each_kind_has_its_lane(method: str, path: str, lane: str) -> None:
    assert kind({"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": "3000"}) == lane


@pytest.mark.parametrize("path", ["/api/recognize", "/api/recognize/input", "/api/recognize/image"])
def test_a_large_letter_has_the_lane_of_pictures(path: str) -> None:
    assert kind({"REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_LENGTH": "100000"}) == lanes.PICTURES


class Works:
    """What is done in a lane: each piece waits until it is told to end, and notes that it has begun."""

    def __init__(self) -> None:
        """Begin with nothing done."""
        self.begun: list[str] = []
        self.end = threading.Semaphore(0)

    def piece(self, name: str) -> Callable[[], str]:
        """A piece of work."""

        def work() -> str:
            self.begun.append(name)
            assert self.end.acquire(timeout=900)
            return name

        return work


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.01)


def lane(threads: int, *, of_an_address: int, turn_seconds: float = 60.0) -> Lane:
    """A lane for a test."""
    return Lane("test", threads, of_an_address=of_an_address, turn_seconds=turn_seconds)


def run(main: Awaitable[None]) -> None:
    """Run a test's coroutine."""

    async def inner() -> None:
        await main

    asyncio.run(inner())


def test_addresses_take_turns() -> None:
    async def main() -> None:
        works, one = Works(), lane(1, of_an_address=1)
        greedy = [asyncio.create_task(one.run("greedy", works.piece(f"greedy {n}"))) for n in range(3)]
        await until(lambda: works.begun == ["greedy 0"])
        modest = asyncio.create_task(one.run("modest", works.piece("modest")))
        await asyncio.sleep(0)
        works.end.release(4)
        await asyncio.gather(*greedy, modest)
        assert works.begun.index("modest") <= 2, "behind at most one more of the greedy one"

    run(main())


def test_one_address_leaves_threads_to_others() -> None:
    async def main() -> None:
        works, two = Works(), lane(2, of_an_address=1)
        greedy = [asyncio.create_task(two.run("greedy", works.piece(f"greedy {n}"))) for n in range(2)]
        await until(lambda: len(works.begun) == 1)
        modest = asyncio.create_task(two.run("modest", works.piece("modest")))
        await until(lambda: "modest" in works.begun)
        assert works.begun == ["greedy 0", "modest"]
        works.end.release(3)
        await asyncio.gather(*greedy, modest)

    run(main())


def test_who_waits_too_long_is_told_that_the_server_is_busy() -> None:
    async def main() -> None:
        works, one = Works(), lane(1, of_an_address=1, turn_seconds=0.05)
        first = asyncio.create_task(one.run("a", works.piece("first")))
        await until(lambda: works.begun == ["first"])
        with pytest.raises(RefusedError) as refused:
            await one.run("b", works.piece("second"))
        assert refused.value.status == 503
        works.end.release(2)
        await first
        assert await one.run("b", works.piece("third")) == "third", "a ticket that was given up takes no thread"

    run(main())


def test_an_address_may_not_queue_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_lanes, "LONGEST_QUEUE", 2)

    async def main() -> None:
        works, one = Works(), lane(1, of_an_address=1)
        waiting = [asyncio.create_task(one.run("a", works.piece(str(n)))) for n in range(3)]
        await until(lambda: works.begun == ["0"])
        with pytest.raises(RefusedError):
            await one.run("a", works.piece("one too many"))
        works.end.release(3)
        await asyncio.gather(*waiting)

    run(main())


def test_an_error_gives_its_thread_back() -> None:
    async def main() -> None:
        one = lane(1, of_an_address=1)
        with pytest.raises(ZeroDivisionError):
            await one.run("a", lambda: 1 // 0)
        assert await one.run("a", lambda: "next") == "next"

    run(main())


class Groups:
    """The work of a joint lane: it waits until it is told to end, and notes what came together."""

    def __init__(self) -> None:
        """Begin with none."""
        self.begun: list[list[str]] = []
        self.end = threading.Semaphore(0)

    def answer(self, works: Sequence[str]) -> list[str | Exception]:
        """Answer each; what is called so is an error."""
        self.begun.append(list(works))
        assert self.end.acquire(timeout=900)
        return [ValueError(work) if work.startswith("error") else work.upper() for work in works]


def joint(groups: Groups, threads: int = 1, turn_seconds: float = 60.0) -> JointLane[str, str]:
    """A joint lane for a test."""
    return JointLane("test", threads, groups.answer, turn_seconds=turn_seconds)


def test_what_waits_while_a_thread_is_at_work_is_answered_together() -> None:
    async def main() -> None:
        groups = Groups()
        one = joint(groups)
        first = asyncio.create_task(one.run_together("someone", "a"))
        await until(lambda: groups.begun == [["a"]])
        others = [asyncio.create_task(one.run_together(f"address {each}", each)) for each in "bcd"]
        await asyncio.sleep(0)
        groups.end.release(2)
        assert await asyncio.gather(first, *others) == ["A", "B", "C", "D"]
        assert groups.begun == [["a"], ["b", "c", "d"]]

    run(main())


def test_an_error_is_that_of_its_request_alone() -> None:
    async def main() -> None:
        groups = Groups()
        one = joint(groups)
        groups.end.release(3)
        said = await asyncio.gather(
            *(one.run_together("someone", each) for each in ("a", "error", "b")), return_exceptions=True
        )
        assert said[::2] == ["A", "B"]
        assert isinstance(said[1], ValueError)

    run(main())


def test_one_address_leaves_places_of_a_joint_lane_to_others() -> None:
    async def main() -> None:
        groups = Groups()
        one = joint(groups)
        many = [asyncio.create_task(one.run_together("greedy", f"g{n}")) for n in range(4 * AT_ONCE)]
        await until(lambda: len(groups.begun) == 1)
        modest = asyncio.create_task(one.run_together("modest", "modest"))
        await asyncio.sleep(0)
        groups.end.release(10)
        assert await modest == "MODEST"
        await asyncio.gather(*many)
        assert "modest" in groups.begun[1]
        assert all(len(each) <= AT_ONCE for each in groups.begun)

    run(main())


def test_a_group_goes_on_without_who_has_gone() -> None:
    async def main() -> None:
        groups = Groups()
        one = joint(groups)
        first = asyncio.create_task(one.run_together("someone", "a"))
        await until(lambda: groups.begun == [["a"]])
        gone, other = (asyncio.create_task(one.run_together("someone", each)) for each in "bc")
        await asyncio.sleep(0)
        gone.cancel()
        groups.end.release(2)
        assert [await first, await other] == ["A", "C"]

    run(main())


def test_who_gives_up_when_his_turn_comes_keeps_no_place() -> None:
    async def main() -> None:
        one = lane(1, of_an_address=1)
        async with one._place("anna"):
            waiting = asyncio.create_task(one.run("anna", lambda: "too late"))
            await asyncio.sleep(0)
        waiting.cancel()  # the place is his already, and he does not know it yet
        with pytest.raises(asyncio.CancelledError):
            await waiting
        async with asyncio.timeout(60):
            assert await one.run("anna", lambda: "next") == "next"

    run(main())


def test_nothing_is_done_for_who_has_gone_when_his_turn_comes() -> None:
    async def main() -> None:
        works, one, left = Works(), lane(1, of_an_address=1), threading.Event()
        first = asyncio.create_task(one.run("a", works.piece("first")))
        await until(lambda: works.begun == ["first"])
        gone, other = (
            asyncio.create_task(one.run(name, works.piece(name), is_gone=is_gone))
            for name, is_gone in (("gone", left.is_set), ("other", lambda: False))
        )
        await asyncio.sleep(0)
        left.set()
        works.end.release(2)
        await asyncio.gather(first, other)
        with pytest.raises(GoneError):
            await gone
        assert works.begun == ["first", "other"]

    run(main())


def test_nothing_is_done_together_for_who_has_gone() -> None:
    async def main() -> None:
        groups, left = Groups(), threading.Event()
        one = joint(groups)
        first = asyncio.create_task(one.run_together("someone", "a"))
        await until(lambda: groups.begun == [["a"]])
        gone = [asyncio.create_task(one.run_together("gone", "b", is_gone=left.is_set)) for _number in range(2)]
        other = asyncio.create_task(one.run_together("other", "c"))
        await asyncio.sleep(0)
        left.set()
        groups.end.release(2)
        assert [await first, await other] == ["A", "C"]
        for each in gone:
            with pytest.raises(GoneError):
                await each
        assert groups.begun == [["a"], ["c"]]
        groups.end.release(1)
        assert await one.run_together("someone", "d") == "D", "a thread that found nobody is idle again"

    run(main())
