"""What an agent does all day: hands in results, asks for a job, measures, and waits."""

from __future__ import annotations

import json
import sys
import time
import uuid
from functools import partial
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from recognizer.core.messages import read
from training.devices.remote import measuring_process
from training.devices.remote.home import Home
from training.devices.remote.measuring_process import MeasurementFailedError, StopError
from training.devices.remote.site import AwayError, RefusedRequestError, Site, waits

FIRST_IDLE, LONGEST_IDLE = 3.0, 30.0
"""Seconds between two questions for a job: more and more while there is none."""
FATAL = (401, 403, 426)
"""Refusals after which asking again is of no use: the token, or the agent's age."""
TRIES_OF_A_FILE = 3


class FatalError(Exception):
    """The agent cannot go on; the message is for whoever looks at the device."""

    STATUS = 4
    """Exit status after which a restart is of no use."""


class AgentLoop:
    """One device at work for a server."""

    def __init__(
        self,
        site: Site,
        home: Home,
        *,
        sleep: Callable[[float], None] = time.sleep,
        longest_idle: float = LONGEST_IDLE,
    ) -> None:
        """Take the server, the folder, what waits (it may end early), and the most seconds between two questions."""
        self._site, self._home, self._sleep, self._longest_idle = site, home, sleep, longest_idle

    def run(self, *, once: bool = False) -> None:
        """Work until the process ends; `once`: until there is no job and every result is accepted.

        Raises:
            FatalError: the server refuses this device or this agent.

        """
        idle = FIRST_IDLE
        while True:
            self._hand_in()
            answer = self._patiently(lambda: self._site.post("next", {}))
            if answer["job"] is not None:
                self._work(answer["job"])
                idle = FIRST_IDLE
            elif once and not answer["waiting"]:
                return
            else:
                self._sleep(FIRST_IDLE if answer["waiting"] else idle)
                idle = min(1.5 * idle, self._longest_idle)

    def _work(self, job: Any) -> None:
        """Measure a job and put the result where `_hand_in` finds it; say where it cannot be done."""
        say(f"job {job['id']}: {job['model']['name']}, {job['workload']['precision']}")
        try:
            files = {name: self._fetched(job[name]["sha256"]) for name in ("model", "inputs")}
            result = measuring_process.run(self._arguments(job, files), self._home.folder, self._heart(job))
            document = {"id": str(uuid.uuid4()), "attempt": job["attempt"], "result": posted(job, result)}
            self._home.put_result(document["id"], {"job": job["id"], "post": document})
        except MeasurementFailedError as error:
            say(f"job {job['id']} cannot be done: {read(str(error))}")
            self._end(job, "failed", str(error))
        except StopError:
            say(f"job {job['id']} is stopped")
            self._end(job, "stopped", "")

    def _arguments(self, job: Any, files: Dict[str, Path]) -> List[str]:
        wanted = job["workload"]
        words = ["time", "--model", str(files["model"]), "--inputs", str(files["inputs"])]
        for name in ("precision", "backend", "images", "batch_size", "repeats", "sustained_seconds"):
            words += [f"--{name.replace('_', '-')}", str(wanted[name])]
        words += ["--folder", str(self._home.folder)]
        return [*words, "--disk"] if job["measure_disk"] else words

    def _heart(self, job: Any) -> Callable[[float], bool]:
        """What says that the measurement is to go on, and to the server, now and then, that it does."""
        path, last = f"jobs/{job['id']}/beat", [time.monotonic()]

        def go_on(progress: float) -> bool:
            if time.monotonic() - last[0] < job["heartbeat_seconds"]:
                return True
            last[0] = time.monotonic()
            body = {"attempt": job["attempt"], "progress": progress}
            try:
                return bool(self._site.post(path, body)["go_on"])
            except AwayError:
                return True  # it may be back before the end; the result is kept in any case
            except RefusedRequestError as error:
                if error.status in FATAL:
                    raise FatalError(str(error)) from error
                say(str(error))
                return False

        return go_on

    def _fetched(self, sha256: str) -> Path:
        """A file of a job, from the folder or the server; its bytes are those that the server promised."""
        for _ in range(TRIES_OF_A_FILE):
            path = self._home.file(sha256) or self._home.keep_file(sha256, self._file(sha256))
            if path is not None:
                return path
        raise MeasurementFailedError(f"The file {sha256[:12]}… came with other bytes {TRIES_OF_A_FILE} times.")

    def _file(self, sha256: str) -> bytes:
        try:
            return self._patiently(lambda: self._site.file(sha256))  # type: ignore[no-any-return]
        except RefusedRequestError as error:
            raise MeasurementFailedError(str(error)) from error

    def _hand_in(self) -> None:
        """Post every kept result, the oldest first; one that is refused is dropped, since it would be again."""
        for path in self._home.results():
            try:
                kept = json.loads(path.read_text(encoding="utf-8"))
                job, post = kept["job"], kept["post"]
            except (OSError, ValueError, KeyError, TypeError):
                path.unlink()
                continue
            try:
                answer = self._patiently(partial(self._site.post, f"jobs/{job}/result", post))
                say(f"job {job}: {answer['words']}")
            except RefusedRequestError as error:
                say(f"job {job}: the result is refused: {error}")
            path.unlink()

    def _end(self, job: Any, outcome: str, why: str) -> None:
        body = {"attempt": job["attempt"], "outcome": outcome, "why": why}
        try:
            self._patiently(lambda: self._site.post(f"jobs/{job['id']}/end", body))
        except RefusedRequestError as error:
            say(str(error))

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        """Ask until the server answers.

        Raises:
            FatalError: it refuses this device or this agent.
            RefusedRequestError: it refuses this request.

        """
        for wait in waits():
            try:
                return ask()
            except RefusedRequestError as error:
                if error.status in FATAL:
                    raise FatalError(str(error)) from error
                raise
            except AwayError as error:
                seconds = wait if error.seconds is None else max(error.seconds, 1.0)
                say(f"{error}; next try in {seconds:.0f} s")
                self._sleep(seconds)
        return None


def posted(job: Any, result: Any) -> Any:
    """What is posted of a measurement: the figures that do not follow from others."""
    accuracy: Dict[str, int] = result["accuracy"]
    sheet = result["sheet"]
    disk: Optional[Dict[str, Any]] = None
    if job["measure_disk"]:
        disk = {"read_mb_s": sheet["disk_read_mb_s"], "write_mb_s": sheet["disk_write_mb_s"]}
    same = ("latency", "load_seconds", "memory_mb", "machine", "energy", "environment")
    return {
        **{name: result[name] for name in same},
        "model_sha256": result["model"]["sha256"],
        "inputs_sha256": job["inputs"]["sha256"],
        "seconds": result["seconds"]["all"],
        "correct": accuracy["correct"],
        "images_scored": accuracy["images"],
        "disk": disk,
    }


def say(words: str) -> None:
    """Tell whoever looks at the device."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)
