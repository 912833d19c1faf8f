"""The admin's look."""

from typing import Any

UNFOLD: dict[str, Any] = {"SITE_TITLE": "Propis", "SITE_HEADER": "Propis"}
