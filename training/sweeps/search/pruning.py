"""Pruning: a trial that is clearly poorer than others at the same epoch is not trained to its end.

Each rule is a function of what trials had reached, read from the rows of epochs each time: it keeps no state of its
own, so any worker may ask at any time, and a question asked twice has the same answer.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from recognizer.messages import gettext as _
from training.jobs import lifecycle
from training.runs.models import Epoch, Run
from training.sweeps.models import Trial, TrialKind

REDUCTION = 3
"""At each rung of ASHA the best third goes on."""
STARTUP = 4
"""The median rule waits until this many others have reached the epoch."""
Rule = Callable[[float, Sequence[float], int, int], bool]
"""Own accuracy, the others' at the same epoch, epoch, all epochs → whether to stop."""


def rungs(epochs: int) -> list[int]:
    """Epochs at which ASHA looks: the last one divided by 3, 9, 27, …"""
    found = []
    while epochs >= REDUCTION:
        epochs //= REDUCTION
        found.append(epochs)
    return found


def asha(own: float, others: Sequence[float], epoch: int, epochs: int) -> bool:
    """Asynchronous successive halving: at a rung, stop what is not among the best third that have reached it.

    L. Li et al.: A System for Massively Parallel Hyperparameter Tuning, MLSys 2020.
    """
    if epoch not in rungs(epochs) or not others:
        return False
    go_on = max((len(others) + 1) // REDUCTION, 1)
    return sum(other > own for other in others) >= go_on


def median(own: float, others: Sequence[float], epoch: int, epochs: int) -> bool:
    """Stop what is below the median of the others' accuracy at this epoch, after a tenth of the epochs.

    D. Golovin et al.: Google Vizier: A Service for Black-Box Optimization, KDD 2017, section 3.2.
    """
    if epoch >= epochs or epoch <= epochs // 10 or len(others) < STARTUP:
        return False
    return own < float(np.median(others))


RULES: Mapping[str, Rule] = {"asha": asha, "median": median}


def consider(run: Run, epoch: int) -> bool:
    """Prune the trial of a run that has just ended this epoch, if its sweep's rule says so."""
    trials = Trial.objects.select_related("sweep").filter(run=run).exclude(kind=TrialKind.REPEAT)
    trial = trials.exclude(sweep__prune="").first()  # each epoch of each trial asks, and few sweeps prune
    if trial is None:
        return False
    reached = dict(_best_until(trial, epoch))
    own = reached.pop(run.pk, None)
    if own is None or not RULES[trial.sweep.prune](own, list(reached.values()), epoch, run.epochs):
        return False
    words = {"accuracy": f"{own:.2%}", "epoch": epoch, "count": len(reached)}
    return lifecycle.prune(
        run, _("at best %(accuracy)s by epoch %(epoch)d, poor beside %(count)d other trials") % words
    )


def _best_until(trial: Trial, epoch: int) -> list[tuple[int, float]]:
    """Run and best validation accuracy up to this epoch of every trial of the sweep that has reached it."""
    rows = Epoch.objects.filter(run__trial__sweep=trial.sweep_id, epoch__lte=epoch)
    best: dict[int, float] = {}
    last: dict[int, int] = {}
    for key, number, accuracy in rows.values_list("run_id", "epoch", "validation_accuracy"):
        best[key] = max(best.get(key, 0.0), accuracy)
        last[key] = max(last.get(key, 0), number)
    return [(key, accuracy) for key, accuracy in best.items() if last[key] == epoch]
