"""The web server as programs, and the socket that all of them listen on."""

import os
import socket

from hwrsite.processes.program import Program

PROCESSES = 2
"""While one is replaced, another one serves."""
BACKLOG = 1_024
"""Visitors who wait to be let in."""


def programs(*, host: str, port: int) -> list[Program]:
    """Processes of the web server (hwrsite/web_server) on one socket, which the supervisor holds.

    So a process may die, or all of them, and no visitor is refused: he waits until one is there.
    """
    listening = _listen(host, port)
    number = int(os.environ.get("PROPIS_WEB_PROCESSES", PROCESSES))
    return [
        Program(f"web-{each}", ["hwrsite.web_server", str(listening)], descriptors=[listening])
        for each in range(1, number + 1)
    ]


def _listen(host: str, port: int) -> int:
    """Open the socket, for the supervisor that this process becomes, and return its descriptor."""
    with socket.socket(_family(host), socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
        listening.set_inheritable(True)
        return listening.detach()


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
