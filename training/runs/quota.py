"""How much one person may have waiting and running: trainings, and epochs × samples of all of them together.

Whoever may use the admin has no quota, nor has the command line. Trials of sweeps count as any training; a sweep makes
no further trial while there is no place for it, so it goes on by itself when there is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.models import Quota, User
from recognizer.messages import gettext as _
from training.jobs.models import State
from training.runs.checks import RunError
from training.runs.models import Run

OPEN = (State.QUEUED, State.RUNNING, State.PAUSED)


@dataclass(frozen=True)
class QuotaUsage:
    """What somebody has waiting, running or paused, and may have."""

    runs: int
    samples: int
    most_runs: int
    most_samples: int

    def places(self, samples: int) -> int:
        """How many more trainings of so many samples may be queued."""
        return max(0, min(self.most_runs - self.runs, (self.most_samples - self.samples) // max(samples, 1)))


def samples_of(hyperparameters: Mapping[str, Any], images: int) -> int:
    """Epochs × samples of a training on so many pictures."""
    return int(hyperparameters["epochs"]) * (int(hyperparameters.get("epoch_samples") or 0) or images)


def used_by(user: Any) -> QuotaUsage | None:
    """What somebody uses of his quota; None for who has none."""
    if user is None or user.is_staff or user.is_superuser:
        return None
    rows = Run.objects.filter(created_by=user.pk, state__in=OPEN).values_list("hyperparameters", "training_images")
    samples = [samples_of(hyperparameters, images) for hyperparameters, images in rows]
    given = list(Quota.objects.filter(group__user=user.pk).values_list("runs", "samples"))
    usual = (settings.PROPIS_TRAINER_RUNS, settings.PROPIS_TRAINER_SAMPLES)
    runs, most = (max(column) for column in zip(*(given or [usual]), strict=True))
    return QuotaUsage(len(samples), sum(samples), runs, most)


def check(user: Any, samples: int) -> None:
    """Refuse one more training of so many samples. Called inside the transaction that makes it: one at a time.

    Raises:
        RunError: it would be more than this person may have at once.

    """
    if user is None or user.is_staff:
        return
    User.objects.select_for_update().filter(pk=user.pk).first()
    if (usage := used_by(user)) is None or usage.places(samples):
        return
    if usage.runs >= usage.most_runs:
        words = _("You have %(runs)d trainings waiting, running or paused, and may have %(most)d: wait for one to end.")
        raise RunError("datasets", words % {"runs": usage.runs, "most": usage.most_runs})
    words = _(
        "This training shows %(samples)d pictures (epochs × samples). With what you have waiting and running, "
        "%(left)d are left of %(most)d: take fewer epochs or samples, or wait."
    )
    left = max(0, usage.most_samples - usage.samples)
    raise RunError("datasets", words % {"samples": samples, "left": left, "most": usage.most_samples})
