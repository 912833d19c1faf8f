"""Sweeps in a list: how far each has got and its best accuracy, by one query for all of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db.models import Count, Max, Q

from training.jobs.models import State
from training.sweeps.models import Sweep, SweepProgress, Trial, TrialKind


def count_trials(sweeps: Sequence[Sweep]) -> None:
    """Give each sweep its `progress` and its `best_accuracy`, which it would else ask for alone."""
    best: dict[int, float] = {}
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    best_searched = Max("run__validation_accuracy", filter=~Q(kind=TrialKind.REPEAT))
    of_these = Trial.objects.filter(sweep__in=[sweep.pk for sweep in sweeps]).order_by()
    rows = of_these.values_list("sweep", "run__state").annotate(count=Count("pk"), best=best_searched)
    for sweep, state, count, accuracy in rows:
        counts[sweep][state] = count
        if state == State.SUCCEEDED and accuracy is not None:
            best[sweep] = accuracy
    for sweep in sweeps:
        sweep.progress = SweepProgress(counts[sweep.pk], sweep.phase, sweep.reason, sweep.planned)
        sweep.best_accuracy = best.get(sweep.pk)
