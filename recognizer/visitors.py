"""Who asks: the address of a visitor, also behind proxies, found in one place for limits, log-ins and lanes alike."""

import ipaddress
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

FORWARDED = "propis.forwarded"
"""Whether a request came through some proxy, believed or not."""
IPV6_NETWORK = 64
"""Bits of an IPv6 address that are one visitor's connection; he can change the rest with every request."""


def address(environ: Mapping[str, Any]) -> str:
    """Address of who sent a request: what the outermost proxy that we believe (PROPIS_PROXIES) says, or the sender's.

    Each proxy adds the address that it sees on the right; what is farther to the left than our own proxies reach was
    said by the visitor himself.
    """
    sender = str(environ.get("REMOTE_ADDR", ""))
    said = [part.strip() for part in str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    if not settings.PROPIS_PROXIES or len(said) < settings.PROPIS_PROXIES:
        return sender
    found = said[-settings.PROPIS_PROXIES]
    return found if _is_address(found) else sender


def network(address: str) -> str:
    """What limits count by: an IPv4 address, or the first one of an IPv6 address's network."""
    if ":" not in address or not _is_address(address):
        return address
    parsed = ipaddress.IPv6Address(address)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, IPV6_NETWORK), strict=False).network_address)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def address_of(request: HttpRequest) -> str:
    """Address of a request's visitor, for django-axes."""
    return network(address(request.META))


class VisitorMiddleware:
    """Put the visitor's address where everything looks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next step of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Replace the proxy's address by the visitor's, once."""
        request.META["REMOTE_ADDR"] = address(request.META)
        request.META[FORWARDED] = request.META.pop("HTTP_X_FORWARDED_FOR", None) is not None
        return self.get_response(request)
