"""Inference time as an objective. It depends on a trial's layers and not on its weights, so random ones are timed."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from recognizer.core.network import Network
from recognizer.core.timing import time_workload
from training.jobs.models import State
from training.sweeps.models import Sweep, Trial

REPEATS, WARMUP = 200, 20


def measure(sweep: Sweep) -> None:
    """Time the networks of the trials that have succeeded on this machine, each shape once."""
    if "time" not in sweep.objective_names:
        return
    trials = sweep.trials.select_related("run")
    for trial in trials.filter(inference_seconds__isnull=True, run__state=State.SUCCEEDED):
        measured = _measured_before(trial) or median_seconds(*_shape(trial))
        Trial.objects.filter(pk=trial.pk).update(inference_seconds=measured)


def _measured_before(trial: Trial) -> float | None:
    """The time of the same network in another trial of the sweep."""
    alike = Trial.objects.filter(sweep=trial.sweep_id, parameters=trial.parameters, inference_seconds__isnull=False)
    shape, others = _shape(trial), alike.select_related("run").iterator(chunk_size=20)
    return next((other.inference_seconds for other in others if _shape(other) == shape), None)


def _shape(trial: Trial) -> tuple[tuple[int, ...], str]:
    """Sizes of the layers, and activation: what the time depends on."""
    recipe = trial.run.recipe
    return recipe.sizes(len(trial.run.letters)), recipe.activation


def median_seconds(sizes: Sequence[int], activation: str = "relu") -> float:
    """Median seconds of reading one letter with a network of these sizes."""
    rng = np.random.default_rng(0)
    pairs = list(pairwise(sizes))
    weights = tuple(rng.standard_normal((n_out, n_in), dtype=np.float32) / n_in**0.5 for n_in, n_out in pairs)
    biases = tuple(np.zeros(n_out, np.float32) for _n_in, n_out in pairs)
    network = Network(weights, biases, activation)
    letter = rng.random((1, sizes[0]), dtype=np.float32)
    return time_workload(lambda: network.probabilities(letter), repeats=REPEATS, warmup=WARMUP).median
