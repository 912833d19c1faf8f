"""The pages of the admin about the disk: what takes room, and what can go, which is asked once more before it goes."""

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keeping import services
from keeping.disk_use import SPARE, Usage, in_store, rooms
from recognizer.filestore.errors import StoreAwayError

SHOWN = 100
LINK = '<a class="font-medium text-primary-600 underline dark:text-primary-500" href="{}">{}</a>'
KINDS = {
    "data set": gettext_lazy("data set"),
    "model": gettext_lazy("model"),
    "run": gettext_lazy("run"),
    "reading": gettext_lazy("reading of pages"),
    "backups": gettext_lazy("backups"),
    "spare": gettext_lazy("can go"),
    "rest": gettext_lazy("the rest"),
}
ROWS = {
    "data set": "datasets_dataset",
    "model": "recognizer_storedmodel",
    "run": "runs_run",
    "reading": "paper_paperreading",
}
"""Whose page of the admin deletes a row with its files, and asks before."""
WORDS = {
    "exports": gettext_lazy("exports of data sets, made again when somebody asks for one"),
    "set-aside": gettext_lazy("what restores have put away: the installation as it was before"),
    "downloads": gettext_lazy("publishers' archives, downloaded again where they are needed"),
    "database": gettext_lazy("database"),
    "published": gettext_lazy("published drawings"),
    "bundles": gettext_lazy("letters that devices read"),
    "uploads": gettext_lazy("uploaded archives"),
    "orphans": gettext_lazy("files without a row"),
}


def disk_use(request: HttpRequest) -> HttpResponse:
    """Show the largest things, and for each who may delete it the way to do so."""
    if not request.user.has_perm("keeping.view_backup"):
        raise PermissionDenied
    stored, is_away = _stored()
    found = rooms(stored)
    rows = [_row(request, each, has_store=stored is not None) for each in found]
    sizes = [_("on this machine"), _("in the store")] if stored is not None else [_("size")]
    context = {
        **admin.site.each_context(request),
        "title": _("Disk use"),
        "table": {"headers": [_("kind"), _("name"), *sizes, _("what can be done")], "rows": rows[:SHOWN]},
        "by_kind": _by_kind(found) if stored is not None else [],
        "is_store_away": is_away,
        "total": filesizeformat(sum(each.size for each in found)),
        "free": filesizeformat(shutil.disk_usage(settings.PROPIS_VAR).free),
        "more": max(0, len(rows) - SHOWN),
    }
    return render(request, "keeping/disk_use.html", context)


def clear(request: HttpRequest, name: str) -> HttpResponse:
    """Ask whether a spare folder is to go; when that is sent, delete it."""
    if not request.user.has_perm("keeping.delete_backup"):
        raise PermissionDenied
    if name not in services.CLEARED:
        raise Http404
    if request.method == "POST":
        freed = filesizeformat(services.clear(name))
        messages.success(request, _("%(size)s are free again.") % {"size": freed})
        return redirect("admin:keeping_backup_disk_use")
    size = sum(room.size for room in rooms() if room.key == name)
    context = {**admin.site.each_context(request), "title": _("Delete?"), "what": WORDS[name], "size": size}
    return render(request, "keeping/clear.html", context)


def _stored() -> tuple[Mapping[str, int] | None, bool]:
    """What the store holds, if there is one, and whether it does not answer."""
    try:
        return in_store(), False
    except StoreAwayError:
        return None, True


def _row(request: HttpRequest, room: Usage, *, has_store: bool) -> list[Any]:
    sizes = [filesizeformat(room.size), *([filesizeformat(room.stored)] if has_store else [])]
    return [str(KINDS[room.kind]), _name(room), *sizes, _way(request, room)]


def _by_kind(found: Iterable[Usage]) -> list[tuple[str, str]]:
    """What the store holds of each kind, the most first."""
    sums: Counter[str] = Counter()
    for room in found:
        sums[room.kind] += room.stored
    return [(str(KINDS[kind]), filesizeformat(size)) for kind, size in sums.most_common() if size]


def _name(room: Usage) -> Any:
    if room.kind in ROWS:
        return format_html(LINK, reverse(f"admin:{ROWS[room.kind]}_change", args=[room.key]), room.name)
    return str(WORDS.get(room.key, room.name))


def _way(request: HttpRequest, room: Usage) -> Any:
    """A link to what deletes it, for those who may; there it is asked once more."""
    if room.kind in ROWS:
        app, model = ROWS[room.kind].split("_")
        address = reverse(f"admin:{ROWS[room.kind]}_delete", args=[room.key])
        may = request.user.has_perm(f"{app}.delete_{model}")
    elif room.kind == "backups":
        address, may = reverse("admin:keeping_backup_changelist"), True
    else:
        address = (
            reverse("admin:keeping_backup_clear", args=[room.key]) if room.key in SPARE or room.key == "exports" else ""
        )
        may = bool(address) and request.user.has_perm("keeping.delete_backup")
    return format_html(LINK, address, _("Delete…")) if may else "—"
