"""Tables of data sets. Pictures and inputs are files (see `store`, `files`), never rows."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognizer.core.alphabet import RUSSIAN
from recognizer.messages import MessageField
from training.datasets.content.questions import OPTIONS
from training.datasets.content.splitting import Split, SplitChoice
from training.datasets.layouts.plan import Choice
from training.jobs.models import Job

MAX_COLUMN = 200
"""Characters of the name of a column that can be chosen."""
NAME_PATTERN = r"^[\w][\w .()-]{0,99}\Z"
valid_name = RegexValidator(
    NAME_PATTERN, _("A name has at most 100 characters: letters, digits, spaces and . - _ ( ).")
)


def root() -> Path:
    """Return the folder of all data sets."""
    path: Path = settings.PROPIS_VAR / "datasets"
    path.mkdir(parents=True, exist_ok=True)
    return path


class Dataset(models.Model):
    """Pictures of letters, cleaned and split. A row exists only once all its files do."""

    name = models.CharField(_("name"), max_length=100, unique=True, validators=[valid_name])
    letters = models.TextField(_("letters"), default=RUSSIAN, editable=False, help_text=_("Index = label."))
    pictures = models.PositiveIntegerField(_("pictures"), editable=False)
    seed = models.PositiveBigIntegerField(_("seed"), default=0, editable=False)
    archive_name = models.CharField(_("archive"), max_length=255, editable=False)
    archive_sha256 = models.CharField(_("SHA-256 of the archive"), max_length=64, blank=True, editable=False)
    content_sha256 = models.CharField(_("SHA-256 of the content"), max_length=64, db_index=True, editable=False)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = MessageField(_("note"), blank=True)
    report = models.JSONField(_("report"), editable=False)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="versions",
        verbose_name=_("new version of"),
    )
    lineage = models.JSONField(_("lineage"), default=list, editable=False)
    """How it came of an imported data set: a step for each version on the way, oldest first (`versions.Step`)."""
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("data set")
        verbose_name_plural = _("data sets")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name it."""
        return self.name

    def get_absolute_url(self) -> str:
        """Address of its public page."""
        return reverse("datasets:detail", args=[self.pk])

    @property
    def folder(self) -> Path:
        """The folder of its files."""
        return root() / str(self.pk)

    @property
    def is_synthetic(self) -> bool:
        """Whether its letters were generated and not written by people."""
        return bool(self.report.get("origins"))

    def counts(self, split: Split) -> list[int]:
        """Pictures of each letter in a split."""
        counts: list[int] = self.report["counts"][split.key]
        return counts

    def size(self, split: Split) -> int:
        """Pictures in a split."""
        return sum(self.counts(split))


class InputsFile(models.Model):
    """The file of inputs of one split by one ink specification."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="inputs_files")
    split = models.CharField(_("split"), max_length=10)
    ink_specification = models.CharField(_("ink specification"), max_length=40)
    sha256 = models.CharField("SHA-256", max_length=64)
    file_bytes = models.PositiveBigIntegerField(_("file size"))

    class Meta:
        verbose_name = _("file of inputs")
        verbose_name_plural = _("files of inputs")
        ordering = ["ink_specification", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "split", "ink_specification"], name="one_inputs_file_each")
        ]

    def __str__(self) -> str:
        """Name its file."""
        return self.path.name

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.dataset.folder / f"{self.ink_specification}-{self.split}.npz"


class PublishedDrawings(models.Model):
    """The archive of donated drawings that visitors download. There is one row, or none; `storage.donated` makes it."""

    content_sha256 = models.CharField(_("SHA-256 of the content"), max_length=64, unique=True, editable=False)
    drawings = models.PositiveIntegerField(_("drawings"), editable=False)
    letters = models.TextField(_("letters"), editable=False)
    file_bytes = models.PositiveBigIntegerField(_("file size"), editable=False)
    published_at = models.DateTimeField(_("published"), default=timezone.now, editable=False)
    outdated = models.BooleanField(_("being made again"), default=False, db_default=False, editable=False)
    """Whether a drawing in it was withdrawn since: nobody is given it any more, and it is being made again."""

    class Meta:
        verbose_name = _("archive of drawings")
        verbose_name_plural = _("published drawings")

    def __str__(self) -> str:
        """Name its file."""
        return f"propis-drawings-{self.version}.zip"

    @property
    def version(self) -> str:
        """The beginning of the content's hash, by which one archive is told from another."""
        return self.content_sha256[:12]

    @property
    def path(self) -> Path:
        """Where it is."""
        folder: Path = settings.PROPIS_VAR / "published"
        return folder / f"{self.content_sha256}.zip"


class Publication(Job):
    """One making of that archive: ordered by a person, or by itself after a drawing was withdrawn."""

    TASK: ClassVar[str] = "datasets.publish_next"
    QUEUE: ClassVar[str] = "data"

    drawings = models.PositiveIntegerField(_("drawings"), null=True, editable=False)
    """How many it has published; 0 where none was left, so that nothing is published any more."""
    version = models.CharField(_("version"), max_length=12, blank=True, editable=False)

    class Meta(Job.Meta):
        abstract = False
        verbose_name = _("publication of drawings")
        verbose_name_plural = _("publications of drawings")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name the version, or its number before there is one."""
        return self.version or f"{self.pk}"


class Origin(models.TextChoices):
    """Where an import takes its archive from."""

    UPLOAD = "upload", _("uploaded")
    FOLDER = "folder", _("from the import folder")
    SYNTHETIC = "made", _("synthetic")
    DRAWINGS = "drawings", _("donated drawings, added to another")


class DatasetImport(Job):
    """One import of an archive, or of donated drawings into a version of `parent`.

    States and transitions are those of every Job; it ends with a data set or with none.
    """

    TASK: ClassVar[str] = "datasets.import_next"
    QUEUE: ClassVar[str] = "data"
    CODE_VERSION: ClassVar[int] = 3

    name = models.CharField(_("name of the data set"), max_length=100, validators=[valid_name])
    origin = models.CharField(_("from"), max_length=10, choices=Origin, editable=False)
    path = models.CharField(_("path"), max_length=500, blank=True, editable=False)
    parent = models.ForeignKey(
        Dataset, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("added to")
    )
    per_letter = models.PositiveIntegerField(
        _("of each letter"), null=True, editable=False, help_text=_("How many pictures of each letter are made.")
    )
    seed = models.PositiveBigIntegerField(_("seed"), default=0, help_text=_("The split depends on it."))
    letters = models.TextField(_("class set"), blank=True, editable=False)
    """Empty for the one that the archive lists, else the 33 Russian letters."""
    label_column = models.CharField(_("column of letters"), max_length=MAX_COLUMN, blank=True, editable=False)
    writer_column = models.CharField(_("column of writers"), max_length=MAX_COLUMN, blank=True, editable=False)
    """May be `writers.NO_WRITERS`."""
    redraw_splits = models.BooleanField(_("draw all splits"), default=False, editable=False)
    test_size = models.CharField(_("size of the test split"), max_length=40, blank=True, editable=False)
    validation_size = models.CharField(_("size of the validation split"), max_length=40, blank=True, editable=False)
    """As `splitting.size_of` reads them; empty for the usual ones."""
    answers = models.JSONField(default=dict, blank=True, editable=False)
    """Answers to questions about the archive, by their key (`questions.Question`)."""
    dataset = models.ForeignKey(
        Dataset, models.SET_NULL, null=True, editable=False, related_name="imports", verbose_name=_("data set")
    )

    class Meta(Job.Meta):
        abstract = False
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name what is imported."""
        return self.name

    def get_absolute_url(self) -> str:
        """Address of its public page."""
        return reverse("datasets:import", args=[self.pk])

    @property
    def choice(self) -> Choice:
        """What was chosen: columns of the archive's table, and answers to questions about it."""
        answers = {key: str(self.answers[key]) for key in OPTIONS if key in self.answers}
        return Choice(labels=self.label_column, groups=self.writer_column, **answers)

    @property
    def split(self) -> SplitChoice:
        """How the pictures are to be split.

        Raises:
            DatasetError: a size is none.

        """
        return SplitChoice.of(self.test_size, self.validation_size, redraw=self.redraw_splits)
