"""Requests to the server: JSON with the device's token, patience while the server is away."""

from __future__ import annotations

import json
import random
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any, Iterator, Optional

from training.devices.remote import VERSION

TIMEOUT = 30
FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
"""Seconds between two tries while the server is away: twice as long each time, with a tenth of chance."""
COME_AGAIN = (408, 429, 500, 502, 503, 504)


class AwayError(Exception):
    """The server does not answer, or asks to come again: after how many seconds, if it says so."""

    def __init__(self, message: str, seconds: Optional[float] = None) -> None:
        """Keep the sentence and the seconds."""
        super().__init__(message)
        self.seconds = seconds


class RefusedRequestError(Exception):
    """The server refuses a request, and would again: its status and its sentence."""

    def __init__(self, status: int, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.status = status


class Site:
    """A server as a device sees it."""

    def __init__(self, url: str, token: str = "") -> None:
        """Take its address and the device's token. Raises ValueError: it is no address of the web."""
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url} is no address of a site: it begins with http:// or https://.")
        self.url, self._token = url.rstrip("/"), token

    def post(self, path: str, body: Any) -> Any:
        """Send JSON to an address below /api/devices/, and return what is answered.

        Raises:
            AwayError: no answer, or one that asks to come again.
            RefusedRequestError: refused.

        """
        data = json.dumps(body, allow_nan=False).encode("utf-8")
        answer = self._ask(path, data)
        try:
            return json.loads(answer.decode("utf-8"))
        except ValueError as error:
            raise AwayError(f"{self.url} answers something else than JSON") from error

    def file(self, sha256: str) -> bytes:
        """A file by its SHA-256, as it came; whoever asks compares.

        Raises:
            AwayError: no answer, or one that asks to come again.
            RefusedRequestError: refused.

        """
        return self._ask(f"files/{sha256}")

    def _ask(self, path: str, data: Optional[bytes] = None) -> bytes:
        headers = {"Content-Type": "application/json", "X-Propis-Agent": str(VERSION), "Accept-Language": "en"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        address = f"{self.url}/api/devices/{path}"
        request = urllib.request.Request(address, data, headers)  # noqa: S310  (`Site` takes http and https alone)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            raise _refusal(error) from error
        except (OSError, HTTPException) as error:
            raise AwayError(f"{self.url} does not answer ({error})") from error


def waits() -> Iterator[float]:
    """Seconds to wait before each next try: longer and longer, and not all devices at once."""
    seconds = FIRST_WAIT
    while True:
        yield seconds * random.uniform(0.9, 1.1)  # noqa: S311  (no secret)
        seconds = min(2 * seconds, LONGEST_WAIT)


def _refusal(error: urllib.error.HTTPError) -> Exception:
    with error:
        try:
            words = str(json.loads(error.read(100_000).decode("utf-8"))["error"])
        except (ValueError, KeyError, TypeError, OSError):
            words = f"status {error.code}"
    if error.code not in COME_AGAIN:
        return RefusedRequestError(error.code, words)
    after = error.headers.get("Retry-After", "")
    return AwayError(words, float(after) if after.isdigit() else None)
