"""One request from its head to its answer: the body is read, a lane's thread asks the site, the answer is sent."""

import io
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar

from hwrsite.web_server import lanes, wsgi
from hwrsite.web_server.bodies import BodyReader, Receive
from hwrsite.web_server.calls import Calls
from hwrsite.web_server.connections import CONNECTION, Connection
from hwrsite.web_server.patience import Patience
from hwrsite.web_server.refusals import REFUSAL, GoneError, IsGone, RefusedError
from hwrsite.web_server.sending import Send, send_answer, send_refusal
from recognizer import visitors
from recognizer.lanes import CHANGES, LANE, PAGES, READING

T = TypeVar("T")


class Application:
    """What uvicorn calls for each request."""

    def __init__(self, site: wsgi.Site, *, bodies: BodyReader, calls: Calls, patience: Patience, folder: Path) -> None:
        """Open the lanes: small letters are read here, and `calls` have all else answered."""
        self._bodies, self._calls, self._patience = bodies, calls, patience
        self._lanes = lanes.lanes(patience.turn)
        together = partial(wsgi.respond_together, site, folder)
        self._reading = lanes.JointLane(READING, lanes.READERS, together, turn_seconds=patience.turn)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request; what only looks is not done for who has gone before its turn came."""
        connection: Connection = scope[CONNECTION]
        environ = wsgi.environment(scope)
        try:
            await self._serve(environ, receive, send, lambda: connection.is_closing)
        except GoneError:
            connection.dismiss()
            while (await receive())["type"] != "http.disconnect":
                pass  # uvicorn takes an answer that breaks off for a fault until it has seen the connection end

    async def _serve(self, environ: dict[str, Any], receive: Receive, send: Send, is_gone: IsGone) -> None:
        try:
            with await self._body(environ, receive, is_gone) as body:
                body.seek(0, 2)
                environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(body.tell()), "wsgi.input_terminated": True}
                answer = await self._answer(environ, is_gone)
        except RefusedError as refusal:
            await self._refuse(environ, refusal, receive, send, is_gone)
            return
        try:
            await send_answer(answer, send, is_gone=is_gone)
        finally:
            answer.close()

    async def _body(self, environ: dict[str, Any], receive: Receive, is_gone: IsGone) -> IO[bytes]:
        length = environ.get("CONTENT_LENGTH")
        largest = partial(self._in_lane, PAGES, environ, partial(self._calls.may_send, environ), is_gone)
        return await self._bodies.read(receive, int(length) if length else None, largest)

    async def _answer(self, environ: dict[str, Any], is_gone: IsGone) -> wsgi.Answer:
        """Ask the site in the lane of the request, and again in another one where it wants that."""
        answer = await self._ask(lanes.kind(environ), environ, is_gone)
        while answer.lane is not None:
            answer = await self._ask(answer.lane, environ, is_gone)
        return answer

    async def _ask(self, lane: str, environ: dict[str, Any], is_gone: IsGone) -> wsgi.Answer:
        environ["wsgi.input"].seek(0)
        asked = environ | {LANE: lane}  # the site leaves things of its own in it
        if lane == READING:
            return await self._reading.run_together(_network(environ), asked, is_gone=is_gone)
        return await self._in_lane(lane, environ, partial(self._calls.answer, asked), is_gone)

    async def _in_lane(self, lane: str, environ: Mapping[str, Any], work: Callable[[], T], is_gone: IsGone) -> T:
        """Work when it is the visitor's turn; what may change something is done though he has gone."""
        return await self._lanes[lane].run(_network(environ), work, is_gone=lambda: lane != CHANGES and is_gone())

    async def _refuse(
        self, environ: dict[str, Any], refusal: RefusedError, receive: Receive, send: Send, is_gone: IsGone
    ) -> None:
        """Let the site word a refusal; where even that must wait too long, the status says it alone."""
        environ |= {REFUSAL: refusal.status, "CONTENT_LENGTH": "0", "wsgi.input": io.BytesIO()}
        try:
            answer = await self._in_lane(PAGES, environ, partial(self._calls.answer, environ), is_gone)
        except RefusedError:
            answer = wsgi.Answer(refusal.status, [(b"content-length", b"0")])
        if refusal.unread:
            await send_refusal(answer, receive, send, seconds=self._patience.linger)
        else:
            await send_answer(answer, send, is_gone=lambda: False)


def _network(environ: Mapping[str, Any]) -> str:
    """Who takes turns with others in a lane."""
    return visitors.network(visitors.address(environ))
