"""Python imports this by itself where the folder is on its path: workers that go deaf once a file says so.

A process that starts after the file appeared hears well.
"""

import os
import time
from pathlib import Path

from kombu.transport.redis import MultiChannelPoller

_file = Path(os.environ["PROPIS_VAR"], "deaf")
_began = time.time()
_listen = MultiChannelPoller.on_poll_start


def _listen_unless_deaf(poller: MultiChannelPoller) -> None:
    if not (_file.exists() and _file.stat().st_mtime > _began):
        _listen(poller)


MultiChannelPoller.on_poll_start = _listen_unless_deaf  # type: ignore[assignment, method-assign]
