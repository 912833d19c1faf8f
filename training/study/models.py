"""Which runs belong to the study; what each trained, its figures and its row follow from its recipe."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from training.datasets.models import Dataset
from training.runs.models import Run


class StudyRun(models.Model):
    """A run that the study has asked for. Two experiments that need the same recipe share it."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="study_runs", verbose_name=_("data set"))
    run = models.OneToOneField(Run, models.CASCADE, related_name="study_run", verbose_name=_("run"))
    test_accuracy = models.FloatField(_("test accuracy"), null=True)
    """On our own test split; only of the best row, once the experiment is complete."""

    class Meta:
        verbose_name = _("run of the study")
        verbose_name_plural = _("runs of the study")
        ordering = ["pk"]

    def __str__(self) -> str:
        """Name the run."""
        return str(self.run)
