"""Tables of cleaning: label checks with their findings, decisions, and new versions.

A picture is named by its number in the data set's index, which never changes. Decisions are only added, and taken
back: the newest one on a picture holds, and without it the one before. The data set itself is never touched.
"""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.datasets.models import Dataset, valid_name
from training.jobs.models import Job


class FindingKind(models.TextChoices):
    """What can be wrong with a picture."""

    LABEL = "label", _("wrong letter?")
    ACROSS = "across", _("copy across splits")
    NEAR = "near", _("near copy")
    EXACT = "exact", _("exact copy")
    BROKEN = "broken", _("broken")
    BLANK = "blank", _("blank")
    ALMOST_BLANK = "almost", _("almost blank")
    INVERTED = "inverted", _("inverted")
    OUTLIER = "outlier", _("outlier")


class Cleaning(Job):
    """One label check of a data set: what is wrong with its pictures. The findings are saved with its success."""

    TASK: ClassVar[str] = "cleaning.search_next"
    QUEUE: ClassVar[str] = "data"

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="cleanings", verbose_name=_("data set"))
    folds = models.PositiveSmallIntegerField(
        _("folds"),
        default=4,
        validators=[MinValueValidator(2), MaxValueValidator(20)],
        help_text=_("Each picture is read by a network that was trained on the other folds."),
    )
    seed = models.PositiveIntegerField(_("seed"), default=0, validators=[MaxValueValidator(2**31 - 1)])
    counts = models.JSONField(_("findings"), default=dict, editable=False)
    """How many pictures of each kind were found; of each at most `run_all.LISTED` are listed."""
    accuracy = models.FloatField(_("cross-validated accuracy"), null=True, editable=False)

    class Meta(Job.Meta):
        abstract = False
        verbose_name = _("label check")
        verbose_name_plural = _("label checks")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name the data set that is checked."""
        return f"{self.pk}: {self.dataset}"

    def get_absolute_url(self) -> str:
        """Address of the review of its findings."""
        return reverse("cleaning:review", args=[self.dataset_id])


class Finding(models.Model):
    """One picture that may be wrong, and why."""

    cleaning = models.ForeignKey(Cleaning, models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=10, choices=FindingKind)
    picture = models.PositiveIntegerField()
    score = models.FloatField()
    """The higher, the likelier; only to be compared within a kind."""
    label = models.PositiveSmallIntegerField()
    split = models.PositiveSmallIntegerField()
    predicted = models.PositiveSmallIntegerField(null=True)
    """The letter that a network predicts that has not seen the picture."""
    probability = models.FloatField(null=True)
    twin = models.PositiveIntegerField(null=True)
    """The picture of which it is a copy."""

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-score", "pk"]
        indexes = [models.Index(fields=["cleaning", "kind", "-score"], name="cleaning_finding_list")]

    def __str__(self) -> str:
        """Name the picture and the kind."""
        return f"{self.picture}: {self.kind}"


class Action(models.TextChoices):
    """What somebody decides on a picture."""

    ACCEPT = "accept", pgettext_lazy("a picture", "kept")
    RELABEL = "relabel", _("another letter")
    REJECT = "reject", pgettext_lazy("a picture", "removed")


class Decision(models.Model):
    """What somebody decided on a picture. The newest one on a picture holds."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="decisions")
    picture = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    """SHA-256 of size and pixels, by which the picture is known in any version."""
    action = models.CharField(max_length=10, choices=Action)
    label = models.PositiveSmallIntegerField(null=True)
    """The new letter."""
    batch = models.UUIDField()
    """What was decided in one go, and is taken back in one go."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]
        indexes = [models.Index(fields=["dataset", "picture"], name="cleaning_decision_of")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action="relabel", label__isnull=False)
                | (~models.Q(action="relabel") & models.Q(label__isnull=True)),
                name="a_new_letter_where_one_is_needed",
            )
        ]

    def __str__(self) -> str:
        """Name the picture and the action."""
        return f"{self.picture}: {self.action}"


class NewVersion(Job):
    """The making of a new version of a data set from the decisions on it."""

    TASK: ClassVar[str] = "cleaning.make_next_version"
    QUEUE: ClassVar[str] = "data"

    parent = models.ForeignKey(Dataset, models.CASCADE, related_name="version_jobs", verbose_name=_("data set"))
    name = models.CharField(_("name of the new version"), max_length=100, validators=[valid_name])
    comment = models.TextField(_("note"), blank=True, max_length=1000)
    dataset = models.ForeignKey(
        Dataset, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("new version")
    )

    class Meta(Job.Meta):
        abstract = False
        verbose_name = _("new version")
        verbose_name_plural = _("new versions")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name it."""
        return self.name

    def get_absolute_url(self) -> str:
        """Address of its progress."""
        return reverse("cleaning:version", args=[self.pk])
