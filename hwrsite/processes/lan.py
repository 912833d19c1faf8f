"""This machine on its own network: its addresses, and how a phone in the same room finds the page."""

import io
import socket

import segno

ELSEWHERE = ("192.0.2.1", 9)
"""An address that nobody has (RFC 5737): nothing is sent there, but the system says from where it would be."""


def addresses() -> list[str]:
    """List the IPv4 addresses of this machine that others on its network can reach, the likeliest first."""
    found = [_outgoing(), *_named()]
    return list(dict.fromkeys(each for each in found if each and not each.startswith(("127.", "0."))))


def names() -> list[str]:
    """List what this machine is called on its network: its addresses, and its name as it may make itself known."""
    name = socket.gethostname().lower().partition(".")[0]
    return [*addresses(), *([f"{name}.local"] if name else [])]


def invitation(url: str) -> str:
    """Write an address for a terminal, as text and for the camera of a phone, and what is missing there."""
    code = io.StringIO()
    segno.make(url, micro=False).terminal(code, border=2, compact=True)
    return (
        f"On this network it is at {url}\n{code.getvalue()}"
        "Letters are read on the phone itself. To be kept there for use without a network it would need HTTPS."
    )


def _outgoing() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def _named() -> list[str]:
    try:
        return [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    except OSError:
        return []
