"""`python -m hwrsite.web_server.pages DESCRIPTOR`: a process that answers what takes longer than a small letter.

Its threads share one interpreter, whose lock each page wants for as long as it is made. Letters are read in web
processes, which have locks of their own, so that none waits for a page.
"""

import logging
import signal
import socket
import sys
import threading
import time
from functools import partial

from hwrsite.wsgi import application  # it sets Django up, which all that follows needs

# isort: split
from django.conf import settings

from hwrsite import uploads, warming
from hwrsite.web_server import wsgi
from hwrsite.web_server.calls import Answering
from hwrsite.web_server.lanes import THREADS
from hwrsite.web_server.patience import GRACE_SECONDS, SWITCH_SECONDS
from recognizer import active_model

logger = logging.getLogger(__name__)
LOOK_SECONDS = 0.05
"""How often the end asks whether all answers are given, and how long who could take no request waits."""


class PageThreads:
    """Threads that answer one request after another: as many as a web process has in the lanes that lead here."""

    def __init__(self, answering: Answering) -> None:
        """Begin with none at work."""
        self._answering = answering
        self._at_work, self._lock = 0, threading.Lock()

    def start(self) -> None:
        """Begin to take requests."""
        for number in range(sum(threads for threads, _of_an_address in THREADS.values())):
            threading.Thread(target=self._serve, name=f"pages-{number}", daemon=True).start()

    def wait_for_answers(self) -> None:
        """Let the answers that are being made be sent, for a while."""
        end = time.monotonic() + GRACE_SECONDS
        while self._at_work and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)

    def _serve(self) -> None:
        while True:
            try:
                line = self._answering.wait()
            except OSError:
                logger.exception("no request could be taken")
                time.sleep(LOOK_SECONDS)
                continue
            self._count(1)
            try:
                with line:
                    self._answering.serve(line)
            except (EOFError, ConnectionError):
                pass  # the web process is gone, and its visitors with it
            except Exception:
                logger.exception("a request could not be answered")
            finally:
                self._count(-1)

    def _count(self, more: int) -> None:
        with self._lock:
            self._at_work += more


def serve(answering: socket.socket) -> None:
    """Answer requests until told to stop."""
    sys.setswitchinterval(SWITCH_SECONDS)
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: told.set())
    warming.warm()
    folder = settings.FILE_UPLOAD_TEMP_DIR
    answer = partial(wsgi.respond, application, folder=folder)
    threads = PageThreads(Answering(answering, answer=answer, may_send=uploads.allowed_bytes, folder=folder))
    threads.start()
    with active_model.looking():
        told.wait()
    threads.wait_for_answers()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
