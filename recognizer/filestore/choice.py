"""The store of files that an address chooses."""

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

CONNECT_SECONDS, ANSWER_SECONDS = 3, 10
"""A store that is away must not hold a worker for longer than it has to give its job back."""
IN_MEMORY = 2**24
"""Bytes of an object beyond which it goes through a temporary file."""


def chosen_store(address: str) -> dict[str, Any]:
    """The entry of the setting `STORAGES` for an address such as `s3://bucket/prefix`.

    Raises:
        ImproperlyConfigured: it is no such address, or the packages for it are missing.

    """
    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.netloc or parts.query or "@" in parts.netloc:
        raise ImproperlyConfigured(f"PROPIS_FILES is “{address}”: it must be like s3://bucket/prefix.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured("PROPIS_FILES needs some more packages, which “make s3” installs.")
    from botocore.config import Config  # an extra

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 2},
        s3={"addressing_style": "path"},  # every store understands it
    )
    options = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "client_config": config,
        "max_memory_size": IN_MEMORY,
        "file_overwrite": True,
    }
    return {"BACKEND": "recognizer.filestore.s3.HashedStorage", "OPTIONS": options}
