"""`make test`: every stage of the checks, several at once as far as they fit; then tables of what took long.

A stage is a target of the Makefile, which a person may also make alone. What it prints is shown where it fails.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SLOWEST = 10
SPARE_PROCESSES = 3
"""How many more processes of stages than cores are at work at once: tests of whole products often wait."""
MOST_LINES = 400


@dataclass
class Stage:
    """A target of the Makefile.

    Attributes:
        name: of the target.
        processes: how many work at once in it.

    """

    name: str
    processes: int
    began: float = 0.0
    seconds: float = 0.0
    code: int | None = None
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self, folder: Path) -> None:
        """Begin; what it prints goes to a file of that folder."""
        self.began = time.monotonic()
        environment = os.environ | {"PROPIS_DURATIONS": str(folder / f"{self.name}.json")}
        command = ["make", "--no-print-directory", self.name]
        with self.log(folder).open("wb") as log:
            self._process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=_heed_signals,
            )  # fmt: skip

    def log(self, folder: Path) -> Path:
        """The file of what it printed."""
        return folder / f"{self.name}.log"

    def has_ended(self) -> bool:
        """Whether it has just ended, or had before."""
        if self.code is None and self._process is not None and (code := self._process.poll()) is not None:
            self.code, self.seconds = code, time.monotonic() - self.began
        return self.code is not None

    def stop(self) -> None:
        """Stop all of its processes, as Ctrl-C does: tests take away what they have started."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGINT)
            self._process.wait()


def _heed_signals() -> None:
    """Ignore nothing that `nohup` and `&` have had us ignore: tests look at what Ctrl-C and a closed terminal do."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def stages() -> list[Stage]:
    """All of them, in the order in which they begin.

    Browsers and whole products use one core of two where nothing runs beside them, so they begin together; the tests
    that never wait, and of which the longest takes seconds, come last and leave no core without work at the end.
    """
    return [Stage("browser", 2), Stage("faults", 2), Stage("services", 1), Stage("lint", 1), Stage("unit", 2)]


def run(waiting: Sequence[Stage], folder: Path, *, room: int) -> None:
    """Run stages, each as soon as there is room for its processes; after a failure none begins."""
    left, running = list(waiting), list[Stage]()
    try:
        while left or running:
            while left and not _failed(waiting) and sum(each.processes for each in [*running, left[0]]) <= room:
                running.append(left.pop(0))
                running[-1].start(folder)
                print(f"{running[-1].name} …", flush=True)
            ended = [each for each in running if each.has_ended()]
            for each in ended:
                running.remove(each)
                _tell(each, folder)
            if _failed(waiting) and not running:
                return
            time.sleep(0.2)
    finally:
        for each in running:
            each.stop()


def _failed(among: Iterable[Stage]) -> bool:
    return any(each.code for each in among)


def _tell(stage: Stage, folder: Path) -> None:
    """The end of a stage in one line, and all that it printed where it failed."""
    lines = stage.log(folder).read_text(encoding="utf-8", errors="replace").splitlines()
    if stage.code:
        print("\n".join([f"--- {stage.name} failed; it printed:", *lines[-MOST_LINES:], f"--- {stage.name} failed"]))
    else:
        print(f"{stage.name} passed in {stage.seconds:.0f} s: {lines[-1].strip('= ') if lines else ''}", flush=True)


def table(title: str, rows: Iterable[tuple[str, float]]) -> str:
    """Names and seconds, the slowest first."""
    ordered = sorted(rows, key=lambda row: -row[1])[:SLOWEST]
    return "\n".join([f"\n{title}", *(f"{seconds:8.1f} s  {name}" for name, seconds in ordered)])


def durations(folder: Path) -> dict[str, float]:
    """Seconds of every test of every stage."""
    found: dict[str, float] = {}
    for path in folder.glob("*.json"):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


def main() -> int:
    """Run all; the exit status is 1 where one fails."""
    began, every = time.monotonic(), stages()
    room = (os.cpu_count() or 1) + SPARE_PROCESSES
    with tempfile.TemporaryDirectory(prefix="propis-stages-") as name:
        run(every, Path(name), room=max(room, *(each.processes for each in every)))
        print(table("The slowest stages", ((each.name, each.seconds) for each in every)))
        print(table("The slowest tests", durations(Path(name)).items()))
    print(f"\n{time.monotonic() - began:.0f} s altogether.")
    if _failed(every):
        print(f"Failed: {', '.join(each.name for each in every if each.code)}.")
        return 1
    print("All checks passed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
