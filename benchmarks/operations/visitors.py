"""Visitors of a site, for locust: most have letters read, others look at pages, and some give a drawing.

It runs in an environment of its own (`requirements/load.txt`) and imports nothing of the product. Variables say
`LOAD_PAGES`, a list of addresses, where it is empty letters alone are asked for; `LOAD_RATE`, requests a second of each
visitor, 0 for as many as are answered; and `LOAD_REPORT`, the file for what was measured.
"""

import itertools
import json
import os
import random
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from locust import FastHttpUser, events, task

from benchmarks.materials.drawings import DRAWINGS

RATE = float(os.environ["LOAD_RATE"])
LETTER = "a letter read"
PAGES: list[str] = json.loads(os.environ["LOAD_PAGES"])
BODIES = [json.dumps({"strokes": strokes}) for strokes in DRAWINGS.values()]
GIFT = json.dumps({"strokes": DRAWINGS["Ж"], "letter": "Ж", "consent": True})
JSON = {"Content-Type": "application/json"}
LETTERS, OF_PAGES, GIFTS = (30, 10, 1) if PAGES else (1, 0, 0)
"""How often each is asked for."""
_numbers = itertools.count(1)
_milliseconds: dict[str, list[float]] = defaultdict(list)
_failures: Counter[str] = Counter()


class LoadVisitor(FastHttpUser):
    """Somebody with an address of his own, which the proxy in front would name."""

    def wait_time(self) -> float:
        """Seconds until the next request: visitors come at random, and none of them because another one does.

        Who was kept waiting comes the sooner, so that as many come as are to.
        """
        if not RATE:
            return 0.0
        self._due += random.expovariate(RATE)
        return max(0.0, self._due - time.monotonic())

    def on_start(self) -> None:
        """Come from somewhere, at some time."""
        self._due = time.monotonic()
        time.sleep(self.wait_time())
        number = next(_numbers)
        self.headers = {"X-Forwarded-For": f"10.1.{number // 250}.{1 + number % 250}"}

    @task(LETTERS)
    def have_a_letter_read(self) -> None:
        """Draw one."""
        self.client.post("/api/recognize", data=random.choice(BODIES), headers=JSON | self.headers, name=LETTER)

    @task(OF_PAGES)
    def look_at_a_page(self) -> None:
        """Look at any."""
        self.client.get(random.choice(PAGES), headers=self.headers)

    @task(GIFTS)
    def give_a_drawing(self) -> None:
        """Leave a drawing with consent."""
        self.client.post("/api/drawings", data=GIFT, headers=JSON | self.headers, name="a drawing given")


@events.request.add_listener
def note(name: str, response_time: float, exception: BaseException | None, **_more: Any) -> None:
    """Keep how long each answer took, and what went wrong."""
    _milliseconds[name].append(response_time)
    if exception is not None:
        _failures[f"{name}: {exception}"[:200]] += 1


@events.quitting.add_listener
def write(**_more: Any) -> None:
    """Leave what was measured to who asked for it."""
    found = {"milliseconds": _milliseconds, "failures": _failures}
    Path(os.environ["LOAD_REPORT"]).write_text(json.dumps(found), encoding="utf-8")
