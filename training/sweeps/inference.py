"""Time for an inference as an objective: of networks of a trial's layers, whose time does not depend on the weights."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from recognizer.core.model_card import N_INPUTS
from recognizer.core.network import Network
from recognizer.core.timing import time_workload
from training.jobs.models import State
from training.sweeps.models import Sweep, Trial

REPEATS, WARMUP = 200, 20


def measure(sweep: Sweep) -> None:
    """Time each kind of network once, on the machine that does so, for the trials that have ended well."""
    if "time" not in sweep.objective_names:
        return
    trials = sweep.trials.select_related("run")
    for trial in trials.filter(inference_seconds__isnull=True, run__state=State.SUCCEEDED):
        measured = _known(trial) or seconds(*_network(trial))
        Trial.objects.filter(pk=trial.pk).update(inference_seconds=measured)


def _known(trial: Trial) -> float | None:
    """The time of the same network in another trial of the sweep."""
    alike = Trial.objects.filter(sweep=trial.sweep_id, parameters=trial.parameters, inference_seconds__isnull=False)
    kind, others = _network(trial), alike.select_related("run").iterator(chunk_size=20)
    return next((other.inference_seconds for other in others if _network(other) == kind), None)


def _network(trial: Trial) -> tuple[tuple[int, ...], str]:
    """Sizes of the layers, and activation: what the time depends on."""
    recipe = trial.run.recipe
    return (N_INPUTS, *recipe.hidden_layers, len(trial.run.letters)), recipe.activation


def seconds(sizes: Sequence[int], activation: str = "relu") -> float:
    """Median seconds of reading one letter with a network of these sizes."""
    rng = np.random.default_rng(0)
    pairs = list(pairwise(sizes))
    weights = tuple(rng.standard_normal((n_out, n_in), dtype=np.float32) / n_in**0.5 for n_in, n_out in pairs)
    biases = tuple(np.zeros(n_out, np.float32) for _n_in, n_out in pairs)
    network = Network(weights, biases, activation)
    letter = rng.random((1, sizes[0]), dtype=np.float32)
    return time_workload(lambda: network.probabilities(letter), repeats=REPEATS, warmup=WARMUP).median
