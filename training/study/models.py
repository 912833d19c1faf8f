"""Which run belongs to which row of the study; the figures are those of the run."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.datasets.models import Dataset
from training.runs.models import Run


class StudyRun(models.Model):
    """A run of a row of an experiment."""

    experiment = models.CharField(_("experiment"), max_length=40)
    row = models.PositiveSmallIntegerField(_("row"))
    """Its position in the experiment, from 0."""
    scale = models.CharField(_("scale"), max_length=10)
    seed = models.PositiveBigIntegerField(_("seed"))
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="study_runs", verbose_name=_("data set"))
    run = models.OneToOneField(Run, models.CASCADE, related_name="study_run", verbose_name=_("run"))
    test_accuracy = models.FloatField(_("test accuracy"), null=True)
    """On our own test split; only of the best row, once the experiment is complete."""

    class Meta:
        verbose_name = _("run of the study")
        verbose_name_plural = _("runs of the study")
        ordering = ["experiment", "row", "seed"]
        constraints = [
            models.UniqueConstraint(fields=["experiment", "row", "scale", "seed", "dataset"], name="one_run_a_row")
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"{self.experiment} {self.row}, {self.scale}, seed {self.seed}"
