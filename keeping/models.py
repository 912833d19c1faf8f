"""The table of backups. States and transitions are those of every Job."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from training.jobs.models import Job


class Backup(Job):
    """One backup of the installation into a file. The row of one that succeeded names its file."""

    TASK: ClassVar[str] = "keeping.back_up_next"
    QUEUE: ClassVar[str] = "data"

    note = models.CharField(_("note"), max_length=200, blank=True)
    night = models.DateField(_("night"), null=True, unique=True, editable=False)
    """Of one that was made by itself; there is one a night at most."""
    file_name = models.CharField(_("file"), max_length=100, blank=True, editable=False)
    file_bytes = models.PositiveBigIntegerField(_("file size"), null=True, editable=False)

    class Meta(Job.Meta):
        abstract = False
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-created_at", "-pk"]
        permissions = [("download_backup", _("Can download a backup, which holds everything"))]

    def __str__(self) -> str:
        """Name its file, or its number before there is one."""
        return self.file_name or f"{self.pk}"

    @property
    def path(self) -> Path | None:
        """Where its file is; None before there is one."""
        folder: Path = settings.BACKUP_FOLDER
        return folder / self.file_name if self.file_name else None
