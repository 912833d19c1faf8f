"""Backups in the admin: ordered by a button, downloaded, deleted."""

from typing import Any

from django.contrib import admin, messages
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.careful_admin import CarefulAdmin
from keeping import disk_pages
from keeping.models import Announcement, Backup
from training.jobs.admin import JobAdmin
from training.jobs.models import State


@admin.register(Backup)
class BackupAdmin(JobAdmin):
    """The backups; those of the night come and go by themselves."""

    start_label = _("Back up now")
    add_fields = ("note",)
    detail_fields = ("note", "night", "file_name", "size")
    list_display = ("created_at", "shown_state", "shown_progress", "file_name", "size", "night", "note")
    list_filter = ("state",)
    actions_detail = ("download",)
    actions_list = ("show_disk_use",)

    @display(description=_("file size"), ordering="file_bytes")
    def size(self, backup: Backup) -> str:
        """How large its file is."""
        return "—" if backup.file_bytes is None else str(filesizeformat(backup.file_bytes))

    def get_urls(self) -> list[URLPattern]:
        """Add the pages about the disk."""
        wrap = self.admin_site.admin_view
        return [
            path("disk-use/", wrap(disk_pages.disk_use), name="keeping_backup_disk_use"),
            path("disk-use/<slug:name>/", wrap(disk_pages.clear), name="keeping_backup_clear"),
            *super().get_urls(),
        ]

    @action(description=_("Disk use"), icon="hard_drive", permissions=["view"])
    def show_disk_use(self, request: HttpRequest) -> HttpResponseBase:
        """Go to the page of what takes room."""
        return redirect("admin:keeping_backup_disk_use")

    def has_download_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has a backup has everything: drawings, password hashes, the secret key."""
        return request.user.has_perm("keeping.download_backup")

    @action(description=_("Download"), icon="download", permissions=["download"])
    def download(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Send its file."""
        backup = get_object_or_404(Backup, pk=object_id)
        if backup.path is None or not backup.path.exists():
            self.message_user(request, gettext("There is no file of this backup."), messages.ERROR)
            return redirect("admin:keeping_backup_change", object_id)
        return FileResponse(backup.path.open("rb"), as_attachment=True, filename=backup.file_name)


@admin.register(Announcement)
class AnnouncementAdmin(CarefulAdmin):
    """What was told when jobs ended, and why something was not."""

    list_display = ("ended_at", "kind", "name", "shown_state", "sent_at", "attempts", "trouble", "due_at")
    fields = ("ended_at", "kind", "name", "shown_state", "error", "sent_at", "attempts", "trouble", "due_at")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The clock writes them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        """Nobody changes one."""
        return False

    @display(description=_("state"), ordering="state")
    def shown_state(self, announcement: Announcement) -> str:
        """How the job ended, in words."""
        return str(State(announcement.state).label)
