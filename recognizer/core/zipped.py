"""Zip archives with nothing compressed and nothing that changes from day to day."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every member, so that equal models are equal files."""


def archive_of(members: Mapping[str, bytes]) -> bytes:
    """An archive of these members in their order: the same bytes for the same members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, EPOCH)
            member.create_system = 3  # Unix, wherever this runs
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
    return buffer.getvalue()
