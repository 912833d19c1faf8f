"""Backups in the admin: ordered by a button, downloaded, deleted."""

from typing import Any

from django.contrib import admin, messages
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from keeping.models import Backup
from training.jobs.admin import JobAdmin


@admin.register(Backup)
class BackupAdmin(JobAdmin):
    """The backups; those of the night come and go by themselves."""

    start_label = _("Back up now")
    add_fields = ("note",)
    detail_fields = ("note", "night", "file_name", "size")
    list_display = ("created_at", "shown_state", "shown_progress", "file_name", "size", "night", "note")
    list_filter = ("state",)
    actions_detail = ("download",)

    @display(description=_("file size"), ordering="file_bytes")
    def size(self, backup: Backup) -> str:
        """How large its file is."""
        return "—" if backup.file_bytes is None else str(filesizeformat(backup.file_bytes))

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
