"""Processes that prepare pictures while the first one reads them from the archive: both cores are used.

They are plain children, not a pool: a worker of the queue may not have children of `multiprocessing`, and a fork would
inherit the thread that keeps the job's heartbeat. They end with their parent, whose end closes the pipe.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.datasets.imports.decoding import Prepared

ROOT = Path(__file__).resolve().parents[3]
LARGEST_PIXELS = 4_000_000
"""A larger picture is left to the parent, so that no two processes hold one each."""
MOST = 2
MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TRIM_THRESHOLD_": str(2**28)}
"""Let glibc keep what was freed: new pages for each batch took 40 % of the time. Ignored where there is no glibc."""


class HelperGoneError(Exception):
    """A helper has died, and what it was given with it."""


class Helper:
    """The parent's end of one. Batches come back in the order in which they were given."""

    def __init__(self, ink: str, limits: Mapping[str, Any]) -> None:
        """Start it; it is ready some tenths of a second later, and takes batches at once.

        Raises:
            OSError: it cannot be started.

        """
        ours, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "training.datasets.imports.decoder_process", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=ROOT,
                env={**os.environ, **MALLOC},
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C on the terminal is for the parent
            )
        self._pipe = ours
        self._answers: SimpleQueue[Prepared | None] = SimpleQueue()
        self.waiting = 0
        """Batches that were given and have not come back."""
        self._messages: SimpleQueue[object] = SimpleQueue()
        for work in (self._listen, self._send):
            threading.Thread(target=work, name="import-helper", daemon=True).start()
        self._messages.put((ink, dict(limits)))

    def give(self, datas: Sequence[bytes]) -> None:
        """Give it a batch."""
        self.waiting += 1
        self._messages.put(datas)

    def take(self) -> "Prepared":
        """Wait for the next answer.

        Raises:
            HelperGoneError: there will be none.

        """
        answer = self._answers.get()
        if answer is None:
            self._answers.put(None)
            raise HelperGoneError
        self.waiting -= 1
        return answer

    @property
    def is_answered(self) -> bool:
        """Whether `take` need not wait."""
        return not self._answers.empty()

    @property
    def unanswered(self) -> int:
        """Batches that it has before it."""
        return self.waiting - self._answers.qsize()

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._messages.put(None)
        self._pipe.close()

    def _send(self) -> None:
        """Send what it is given when it reads it: a batch is more than a pipe holds."""
        with contextlib.suppress(OSError):  # it is gone, which `take` will tell
            while (message := self._messages.get()) is not None:
                self._pipe.send(message)

    def _listen(self) -> None:
        """Take in answers as they come, so that neither side ever waits for the other to read."""
        try:
            while True:
                self._answers.put(self._pipe.recv())
        except (EOFError, OSError):
            self._answers.put(None)


def useful() -> int:
    """How many are of use on this machine, whose parent takes one core: none where there is no other."""
    return min(MOST, len(os.sched_getaffinity(0)) - 1)


@contextmanager
def helpers(ink: str, limits: Mapping[str, Any]) -> Iterator[list[Helper]]:
    """Give as many helpers as are of use on this machine."""
    with ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(Helper(ink, limits))) for _ in range(useful())]


def main(pipe: Connection) -> None:
    """Be a helper: an ink specification and limits first, then batches, until the parent is gone."""
    prepare = _preparer(*pipe.recv())
    while True:
        pipe.send(prepare(pipe.recv()))


def _preparer(ink_name: str, limits: Mapping[str, Any]) -> "Callable[[Sequence[bytes]], Prepared]":
    from django.conf import settings

    # No database and no apps: what is wrong with a picture is worded by the parent, in its language.
    settings.configure(USE_I18N=False, PROPIS_LIMITS={**limits, "picture_pixels": LARGEST_PIXELS})
    from recognizer.core.ink import specification  # these read the settings
    from training.datasets.imports.decoding import prepare

    ink = specification(ink_name)
    return lambda datas: prepare(datas, ink)


if __name__ == "__main__":
    with contextlib.suppress(EOFError, OSError):
        main(Connection(int(sys.argv[1])))
