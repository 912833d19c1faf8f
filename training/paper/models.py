"""The table of readings of many pages. States and transitions are those of every Job.

What is read is in files (`rows`), each page as soon as it is done. The scans are deleted once all are read.
"""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from training.jobs.models import Job


class ReadingPurpose(models.TextChoices):
    """What is read of the pages."""

    PAGES = "pages", _("pages of letters")
    SHEETS = "sheets", _("collection sheets")


class PaperReading(Job):
    """One reading of many pages: of letters as text, or of collection sheets whose letters are then reviewed."""

    TASK: ClassVar[str] = "paper.read_next"
    QUEUE: ClassVar[str] = "data"

    name = models.CharField(_("name"), max_length=100, editable=False)
    purpose = models.CharField(_("purpose"), max_length=10, choices=ReadingPurpose, editable=False)
    counts = models.JSONField(_("counts"), default=dict, editable=False)
    """`pages` that were read, `unread` ones, and `letters` in them."""
    decisions = models.JSONField(default=list, editable=False)
    """On the letters of sheets, oldest first (`cells.Decided`); the newest one on a letter holds."""

    class Meta(Job.Meta):
        abstract = False
        verbose_name = _("reading of pages")
        verbose_name_plural = _("readings of pages")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name what is read."""
        return self.name

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("paper:reading", args=[self.pk])

    @property
    def folder(self) -> Path:
        """The folder of its files."""
        return root() / str(self.pk)

    @property
    def scans(self) -> Path:
        """The folder of the files that were sent."""
        return self.folder / "scans"


def root() -> Path:
    """Return the folder of all readings."""
    path: Path = settings.PROPIS_VAR / "paper"
    path.mkdir(exist_ok=True)
    return path
