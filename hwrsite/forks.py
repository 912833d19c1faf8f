"""A child that a worker forks lets go of the connections that its worker has open.

A broker that dies ends a connection only once every copy of it is closed. While a child held one, the worker's poll
kept telling of the dead connection, under the number that the new one had by then: the worker took the new one from
its poll, turned in a circle, and took no message any more.
"""

import os
import socket
from pathlib import Path

_is_told = False


def drop_connections_in_children() -> None:
    """Have each child that this process forks from now on begin without its connections."""
    global _is_told  # (a process cannot be told to forget it)
    if not _is_told and hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_drop_connections)
        _is_told = True


def _drop_connections() -> None:
    """Put the null device in their place: whoever still has such a number may use and close it, and disturbs nobody."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in _open_files():
        if _is_connection(number):
            os.dup2(null, number, inheritable=False)
    os.close(null)


def _open_files() -> list[int]:
    for folder in (Path("/proc/self/fd"), Path("/dev/fd")):
        if folder.is_dir():
            return [int(path.name) for path in folder.iterdir()]
    return []


def _is_connection(number: int) -> bool:
    """Whether it is one end of a connection to a server (and no pair of sockets between processes)."""
    try:
        with socket.socket(fileno=os.dup(number)) as copy:
            return bool(copy.getpeername())
    except OSError:
        return False
