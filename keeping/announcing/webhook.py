"""One message to a webhook: signed, within some seconds, to no private address unless allowed, without redirects.

The host's addresses are looked up once and checked, and it is one of these that is connected to: a name that gives
another address the second time gains nothing.
"""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from urllib.parse import urlsplit

CONNECT_SECONDS, WHOLE_SECONDS = 4.0, 10.0
"""For each step, and for all of it, however slowly the other side answers."""
PORTS = {"http": 80, "https": 443}
SIGNATURE = "X-Propis-Signature"


class DeliveryError(Exception):
    """It was not delivered; the message says why, in a sentence."""


def post(url: str, body: bytes, *, secret: str, private: bool) -> None:
    """Send it.

    Args:
        url: where to, http or https.
        body: JSON.
        secret: signs the body (HMAC-SHA-256, in hexadecimal); nothing is signed where it is empty.
        private: whether addresses of this machine and of private networks are allowed.

    Raises:
        DeliveryError: it was not taken.

    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise DeliveryError("The webhook's address must begin with http:// or https:// and name a host.")
    port = parts.port or PORTS[parts.scheme]
    address = _address(parts.hostname, port, private=private)
    headers = {"Content-Type": "application/json", "User-Agent": "Propis"}
    if secret:
        headers[SIGNATURE] = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        status = _send(parts.scheme, parts.hostname, port, address, target, body, headers)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DeliveryError(f"The webhook did not answer: {error or type(error).__name__}.") from error
    if not 200 <= status < 300:
        raise DeliveryError(f"The webhook answered {status}.")


def _address(host: str, port: int, *, private: bool) -> str:
    """An address of the host that may be connected to."""
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise DeliveryError(f"The webhook's host {host} was not found.") from error
    if not private and not all(_is_public(each) for each in found):
        raise DeliveryError(f"The webhook's host {host} is in a private network: PROPIS_WEBHOOK_PRIVATE allows that.")
    return found[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return parsed.is_global and not parsed.is_multicast and (inner is None or inner.is_global)


def _send(scheme: str, host: str, port: int, address: str, target: str, body: bytes, headers: dict[str, str]) -> int:
    connected = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
    deadline = threading.Timer(WHOLE_SECONDS, _give_up, [connected])
    deadline.daemon = True
    deadline.start()
    try:
        if scheme == "https":
            connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        asked = http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
        asked.sock = connected
        asked.request("POST", target, body, headers)
        return asked.getresponse().status
    finally:
        deadline.cancel()
        connected.close()


def _give_up(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
