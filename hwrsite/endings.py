"""How every command begins and ends on a terminal: readable in any encoding, no traceback where the output ends."""

import errno
import io
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

INTERRUPTED = 130
CLOSED = 141
"""Exit statuses after Ctrl-C and after a closed pipe, as shells have them."""


def run(command: Callable[[], None]) -> None:
    """Run a command; Ctrl-C and a full output end it with one sentence, a closed pipe without any."""
    _prepare()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored, as nohup has it
        signal.signal(signal.SIGINT, _leave)
    try:
        command()
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        _let_go()
        sys.exit(CLOSED)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _let_go()
        sys.exit(f"The output cannot be written: {error.strerror}.")


def begin() -> None:
    """Say that modules are loaded and the command itself begins: from now on Ctrl-C is an exception that cleans up."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End at once: an exception in the midst of an import would be taken for a fault of the module."""
    os.write(sys.stderr.fileno(), b"Interrupted: nothing was done.\n")
    os._exit(INTERRUPTED)


def _prepare() -> None:
    """Escape what the terminal's encoding lacks, and honour NO_COLOR (https://no-color.org)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if os.environ.get("NO_COLOR"):
        os.environ["DJANGO_COLORS"] = "nocolor"


def _let_go() -> None:
    """Write nothing more to standard output, not even what is in its buffer when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
