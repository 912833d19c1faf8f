"""Backups, whose states and transitions are those of every Job, and what is told when a job ends."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
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


class Announcement(models.Model):
    """That a job has ended, to be told to the webhook and by mail (see `keeping.announcing`)."""

    kind = models.CharField(_("kind"), max_length=50)
    key = models.BigIntegerField()
    ended_at = models.DateTimeField(_("finished"), db_index=True)
    name = models.CharField(_("name"), max_length=200)
    state = models.CharField(_("state"), max_length=20)
    error = models.CharField(_("error"), max_length=500, blank=True)
    page = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("failed deliveries"), default=0)
    trouble = models.CharField(_("why it was not delivered"), max_length=300, blank=True)
    due_at = models.DateTimeField(_("next delivery"), null=True, default=timezone.now, db_index=True)
    """None once it is given up."""
    sent_at = models.DateTimeField(_("delivered"), null=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-ended_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "key", "ended_at"], name="one_announcement_of_an_end")]

    def __str__(self) -> str:
        """Name what has ended."""
        return f"{self.kind} {self.name}"
