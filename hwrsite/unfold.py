"""The admin's look: the colours of the public pages, and a sidebar by subject."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# The same tokens as static/css/tokens.css: paper at the light end, the blackboard at the dark one.
PAPER_TO_BOARD = {
    "50": "#faf6ea",
    "100": "#f1ecdc",
    "200": "#dcd8ca",
    "300": "#c6c8bd",
    "400": "#a7b5ac",
    "500": "#616e67",
    "600": "#4d5a55",
    "700": "#3a4c45",
    "800": "#2c3e38",
    "900": "#1c2925",
    "950": "#16211e",
}
INK = {
    "50": "#f3f2fa",
    "100": "#e9e6f3",
    "200": "#d3d0ee",
    "300": "#b7c0ff",
    "400": "#a3a8f5",
    "500": "#9296ee",
    "600": "#3d37a8",
    "700": "#322c96",
    "800": "#2c2785",
    "900": "#23234a",
    "950": "#191933",
}

# Which apps stand under which heading of the sidebar, in this order; an app that is not named comes last.
GROUPS = (
    (_("Letters"), ("recognizer",)),
    (_("Data"), ("datasets", "cleaning", "paper")),
    (_("Training"), ("runs", "sweeps", "jobs")),
    (_("Devices"), ("devices",)),
    (_("People"), ("accounts", "auth", "axes")),
    (_("Keeping"), ("keeping",)),
)
ICONS = {
    "StoredModel": "neurology",
    "Activation": "history",
    "Drawing": "draw",
    "Dataset": "dataset",
    "DatasetImport": "upload_file",
    "Publication": "publish",
    "PublishedDrawings": "folder_zip",
    "Cleaning": "cleaning_services",
    "NewVersion": "difference",
    "PaperReading": "document_scanner",
    "Run": "monitoring",
    "Sweep": "grid_on",
    "Deployment": "folder_shared",
    "Backup": "backup",
    "Device": "memory",
    "Benchmark": "timer",
    "User": "person",
    "Quota": "speed",
    "Group": "group",
    "AuditEntry": "history_edu",
    "Announcement": "campaign",
}
PUBLIC_PAGES = (
    (_("Draw"), "draw", "recognizer:draw"),
    (_("Overview"), "dashboard", "overview"),
    (_("Models"), "neurology", "recognizer:index"),
    (_("Runs"), "monitoring", "runs:index"),
    (_("Sweeps"), "grid_on", "sweeps:index"),
    (_("Data"), "dataset", "datasets:index"),
    (_("Devices"), "memory", "devices:index"),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """List what this person may see, by subject, then the public pages."""
    apps = {app["app_label"]: app for app in admin.site.get_app_list(request)}
    groups = []
    for title, labels in (*GROUPS, (_("Other"), tuple(apps))):
        items = [_model_item(model) for label in labels for model in apps.pop(label, {}).get("models", ())]
        groups.append({"title": title, "items": items})
    pages = [
        {"title": title, "icon": icon, "link": reverse(name), "active": False} for title, icon, name in PUBLIC_PAGES
    ]
    return [*groups, {"title": _("Public pages"), "separator": True, "collapsible": True, "items": pages}]


def _model_item(model: dict[str, Any]) -> dict[str, Any]:
    icon = ICONS.get(model["object_name"], "list")
    return {"title": str(model["name"]).capitalize(), "icon": icon, "link": model["admin_url"] or ""}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Propis"),
    "SITE_HEADER": _("Propis"),
    "SITE_SUBHEADER": _("Handwritten Russian letters"),
    "SITE_URL": "/",
    "SITE_ICON": lambda _request: static("img/favicon.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("img/favicon.svg")}],
    "DASHBOARD_CALLBACK": "hwrsite.web.overview.on_admin_index",
    "SCRIPTS": [lambda _request: static("js/notices.js")],
    "STYLES": [lambda _request: static("css/admin.css")],
    "BORDER_RADIUS": "6px",
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "COLORS": {"base": PAPER_TO_BOARD, "primary": INK},
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": navigation},
}
