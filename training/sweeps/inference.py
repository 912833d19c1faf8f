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


def measure(sweep: Sweep, trials: Sequence[Trial]) -> None:
    """Time each kind of network once, on the machine that does so, for the trials that have ended well."""
    if "time" not in sweep.objective_names:
        return
    known = {_network(trial): trial.inference_seconds for trial in trials if trial.inference_seconds is not None}
    for trial in trials:
        if trial.inference_seconds is None and trial.run.state == State.SUCCEEDED:
            kind = _network(trial)
            known[kind] = trial.inference_seconds = known.get(kind) or seconds(*kind)
            Trial.objects.filter(pk=trial.pk).update(inference_seconds=known[kind])


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
