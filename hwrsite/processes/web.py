"""The web server as programs, and the sockets that they share."""

import socket

from django.conf import settings

from hwrsite.processes.program import Program

BACKLOG = 1_024
"""Visitors who wait to be let in."""


def programs(*, host: str, port: int) -> list[Program]:
    """Processes of the web server (hwrsite/web_server) on one socket, and as many for pages, which those ask.

    The supervisor holds the sockets: a process may die, or all of them, and nobody is refused: he waits until one is
    there.
    """
    listening, (asking, answering) = _listen(host, port), _pair()
    web, pages = ["hwrsite.web_server", str(listening), str(asking)], ["hwrsite.web_server.pages", str(answering)]
    numbers = range(1, settings.WEB_PROCESSES + 1)
    return [
        *(Program(f"web-{each}", web, descriptors=[listening, asking]) for each in numbers),
        *(Program(f"pages-{each}", pages, descriptors=[answering], nice=settings.NICE // 2) for each in numbers),
    ]


def _pair() -> tuple[int, int]:
    """Open the sockets between both kinds of process: whatever is sent into the first is taken by one of the second."""
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for each in pair:
        each.set_inheritable(True)
    return pair[0].detach(), pair[1].detach()


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
