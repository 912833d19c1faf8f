"""All that a training is between two epochs: what a checkpoint holds, and what makes a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from recognizer.core.network import Network
from training.core.folding import folded_inversion
from training.core.hyperparameters import Hyperparameters
from training.core.initializers import initialize
from training.core.normalization import folded
from training.core.optimization.optimizers import optimizer_class
from training.core.parameters import Array, Parameters
from training.core.seeds import Purpose, generator


@dataclass
class TrainingState:
    """A training after `epoch` epochs. `train` advances it, one whole epoch at a time.

    Attributes:
        hyperparameters: the recipe.
        n_inputs, n_classes: first and last layer size.
        arrays: flat vectors by name: `parameters`; the optimizer's memory; with batch normalisation
            `statistics` (running means, then variances, of the hidden layers); with weight averaging
            `average` and `average_statistics`; with early stopping `best` and `best_statistics`.
        epoch: epochs done.
        step: steps done.
        plateau_factor: product of the cuts that the schedule plateau has made.
        best_accuracy: highest validation accuracy so far, or −1.
        best_epoch: the epoch that had it.
        waited: epochs since then, or since the last cut of the schedule plateau.
        teachers: SHA-256 of the weights of each teacher, in their order; known after the first epoch.
    """

    hyperparameters: Hyperparameters
    n_inputs: int
    n_classes: int
    arrays: dict[str, Array] = field(repr=False)
    epoch: int = 0
    step: int = 0
    plateau_factor: float = 1.0
    best_accuracy: float = -1.0
    best_epoch: int = 0
    waited: int = 0
    teachers: tuple[str, ...] = ()

    @classmethod
    def begin(
        cls,
        hyperparameters: Hyperparameters,
        *,
        n_inputs: int,
        n_classes: int,
        dtype: type[np.floating[Any]] = np.float32,
    ) -> TrainingState:
        """The state before the first epoch. float64 is for checking the mathematics."""
        shapes = _array_sizes(hyperparameters, n_inputs, n_classes)
        arrays: dict[str, Array] = {name: np.zeros(size, dtype) for name, size in shapes.items()}
        state = cls(hyperparameters, n_inputs, n_classes, arrays)
        rng = generator(hyperparameters.seed, Purpose.INITIALISATION)
        initialize(state.parameters(), hyperparameters.initializer, rng)
        for name in arrays.keys() & {"statistics", "average_statistics"}:
            arrays[name][arrays[name].size // 2 :] = 1  # variances
        if "average" in arrays:
            arrays["average"][:] = arrays["parameters"]
        return state

    @property
    def sizes(self) -> tuple[int, ...]:
        """Layer sizes, inputs first."""
        return (self.n_inputs, *self.hyperparameters.hidden_layers, self.n_classes)

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or early stopping has ended the training."""
        patience = self.hyperparameters.early_stopping
        stopped = patience > 0 and self.epoch - self.best_epoch >= patience
        return self.epoch >= self.hyperparameters.epochs or stopped

    def parameters(self, name: str = "parameters", *, by_input: bool = False) -> Parameters:
        """The flat vector `name` seen as weights, biases and gains (no copy)."""
        gains = self.hyperparameters.batch_normalization
        return Parameters(self.sizes, self.arrays[name], gains=gains, by_input=by_input)

    def statistics(self, name: str = "statistics") -> list[tuple[Array, Array]]:
        """Running mean and variance of each hidden layer (no copy); none without batch normalisation."""
        if name not in self.arrays or not self.hyperparameters.hidden_layers:
            return []
        cuts = np.cumsum(self.hyperparameters.hidden_layers)[:-1]
        means, variances = np.split(self.arrays[name], 2)
        return list(zip(np.split(means, cuts), np.split(variances, cuts), strict=True))

    def copy(self) -> TrainingState:
        """A deep copy."""
        values = {**vars(self), "arrays": {name: array.copy() for name, array in self.arrays.items()}}
        return TrainingState(**values)

    def become(self, other: TrainingState) -> None:
        """Copy everything from another state of the same training; no array is shared."""
        for name, array in other.arrays.items():
            self.arrays[name][:] = array
        values = {name: value for name, value in vars(other).items() if name != "arrays"}
        vars(self).update(values)

    def network(self) -> Network:
        """What serves: the best epoch's weights with early stopping, else the average, else the last ones.

        Batch normalisation and inversion of the inputs are folded into plain weights and biases.
        """
        kept = self.hyperparameters.early_stopping > 0 and self.best_epoch > 0
        return self.latest_network() if not kept else self._plain("best", "best_statistics")

    def latest_network(self) -> Network:
        """The network after the last epoch, averaged over time if so chosen."""
        if "average" in self.arrays:
            return self._plain("average", "average_statistics")
        return self._plain("parameters", "statistics")

    def record(self, validation_accuracy: float) -> None:
        """Record an epoch's validation accuracy: keep the best one, and cut the learning rate on a plateau."""
        self.waited += 1
        if validation_accuracy > self.best_accuracy:
            self.best_accuracy, self.best_epoch, self.waited = validation_accuracy, self.epoch, 0
            self._keep_best()
        h = self.hyperparameters
        if h.schedule == "plateau" and self.waited >= h.step_epochs:
            self.plateau_factor *= h.step_factor
            self.waited = 0

    def _keep_best(self) -> None:
        """Keep the latest network as the best one, if early stopping will need it."""
        if "best" not in self.arrays:
            return
        prefix = "average" if "average" in self.arrays else ""
        self.arrays["best"][:] = self.arrays[prefix or "parameters"]
        if "best_statistics" in self.arrays:
            self.arrays["best_statistics"][:] = self.arrays[f"{prefix}_statistics" if prefix else "statistics"]

    def _plain(self, name: str, statistics: str) -> Network:
        parameters = self.parameters(name)
        layers = list(zip(parameters.weights, parameters.biases, strict=True))
        for index, (mean, variance) in enumerate(self.statistics(statistics)):
            layers[index] = folded(*layers[index], parameters.gains[index], mean, variance)
        if self.hyperparameters.inverted:
            layers[0] = folded_inversion(*layers[0])
        return Network(
            weights=tuple(np.asarray(weights, np.float32) for weights, _ in layers),
            biases=tuple(np.asarray(biases, np.float32) for _, biases in layers),
            activation=self.hyperparameters.activation,
        )


def _array_sizes(hyperparameters: Hyperparameters, n_inputs: int, n_classes: int) -> dict[str, int]:
    """Length of each flat vector that a training with these hyperparameters keeps."""
    normalized = hyperparameters.batch_normalization
    size = Parameters.count((n_inputs, *hyperparameters.hidden_layers, n_classes), gains=normalized)
    copies = ["parameters"]
    copies += ["average"] if hyperparameters.ema else []
    copies += ["best"] if hyperparameters.early_stopping else []
    sizes = dict.fromkeys([*copies, *optimizer_class(hyperparameters).memory], size)
    if normalized:
        hidden = 2 * sum(hyperparameters.hidden_layers)
        names = [name.replace("parameters", "") for name in copies]
        sizes |= {f"{name}_statistics".lstrip("_"): hidden for name in names}
    return sizes


def array_sizes(state: TrainingState) -> dict[str, int]:
    """The arrays that a state like this must have, by name: what a checkpoint is checked against."""
    return _array_sizes(state.hyperparameters, state.n_inputs, state.n_classes)
