"""Forward pass and backpropagation (thesis 1.6) of one mini-batch, into buffers that are made once.

The plain version, which says the same in twenty lines, stands in tests/training/core/textbook.py; the two
agree in float64 to 1e-9 after a hundred updates. What the differences bought, on one core:

- feature-major arrays, so that BLAS finds its columns contiguous;
- columns padded to a multiple of 16, which BLAS takes at once;
- plain inputs multiply only where there is ink (staircase.py);
- the sums of gradients land where the optimizer wants them, for plain SGD in the weights themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.core import activations, costs
from training.core.dropout import Dropout
from training.core.hyperparameters import Hyperparameters
from training.core.inputs import padded
from training.core.normalization import BatchNormalization
from training.core.parameters import Array, Parameters
from training.core.products import Products
from training.core.staircase import Rows, Stairs


class Landing(NamedTuple):
    """Where the sums of gradients over a mini-batch go: into = beta · into + alpha · sum.

    Attributes:
        into: same layout as the parameters.
        weights: alpha for weights.
        others: alpha for biases and gains.
        beta: share of what stands there that is kept.
    """

    into: Parameters
    weights: float
    others: float
    beta: float


class Layer:
    """One layer's place in the parameters and its buffers, (n_out, columns), in Fortran order if `by_sample`.

    Attributes:
        a: the weighted sums z, overwritten by the activations.
        derivative: of the activation, at z.
        delta: the error δ = ∂C_x/∂z (1.16).
    """

    def __init__(self, parameters: Parameters, index: int, columns: int, *, by_sample: bool) -> None:
        self.index = index
        self.weights = parameters.weights[index]
        self.biases = parameters.biases[index]
        self.column_of_biases = self.biases[:, None]
        self.a = np.zeros((self.biases.size, columns), self.biases.dtype, order="F" if by_sample else "C")
        self.derivative = np.empty_like(self.a)
        self.delta = np.empty_like(self.a)
        self.normalization: BatchNormalization | None = None


class Backpropagation:
    """The passes of mini-batches of one size.

    Args:
        parameters: read by `forward` and `backward`.
        hyperparameters: activation, output, cost, smoothing, the labels' share of the targets
            and dropout are used.
        samples: samples of a mini-batch; arrays have `columns` ≥ samples columns.
        unit: what 1 in the inputs stands for, such as 1/255 for bytes.
        statistics: running (mean, variance) of each hidden layer with batch normalisation, else empty.
        class_weights: what a sample of each class counts in the cost, or None for 1.
    """

    def __init__(
        self,
        parameters: Parameters,
        hyperparameters: Hyperparameters,
        *,
        samples: int,
        unit: float = 1.0,
        statistics: Sequence[tuple[Array, Array]] = (),
        class_weights: Array | None = None,
    ) -> None:
        self.samples = samples
        self.columns = columns = padded(samples)
        dtype = parameters.flat.dtype
        self._parameters = parameters
        self._unit = unit
        self._products = Products(dtype)
        by_sample = bool(parameters.pieces)
        self._layers = [
            Layer(parameters, index, columns, by_sample=by_sample and index == 0)
            for index in range(len(parameters.weights))
        ]
        self._sums, self._errors = Rows(self._layers[0].a.T), Rows(self._layers[0].delta.T)
        self._activate = activations.HIDDEN[hyperparameters.activation]
        self._output = hyperparameters.output
        self._error = costs.OUTPUT_ERRORS[hyperparameters.cost, hyperparameters.output]
        self._targets = costs.targets(parameters.sizes[-1], hyperparameters.label_smoothing, dtype)
        self._targets *= 1 - hyperparameters.distillation
        self._class_weights = class_weights
        self._dropout = Dropout(hyperparameters.dropout)
        self._ones = np.ones(columns, dtype)
        self._labels = np.zeros(columns, np.intp)
        self._inputs: Array | Stairs = np.empty((0, 0), dtype)
        self._scale = 1.0
        for layer, gains, running in zip(self._layers, parameters.gains, statistics, strict=False):
            layer.normalization = BatchNormalization(gains, layer.biases, *running, samples=samples, like=layer.a)

    def forward(self, inputs: Array | Stairs, rng: np.random.Generator | None = None) -> Array:
        """Outputs a^L (classes, samples) of inputs (n_in, columns), in either memory order.

        Parameters whose first layer stands by input take `Stairs`, others an array.
        `rng` draws what dropout silences; without it nothing is silenced.
        """
        self._inputs = a = inputs
        self._scale = self._parameters.scale
        for layer in self._layers[:-1]:
            self._weighted_sums(layer, a)
            self._activate(layer.a, layer.derivative)
            if rng is not None:
                self._dropout.apply(layer.a, layer.derivative, rng)
            a = layer.a
        last = self._layers[-1]
        self._weighted_sums(last, a)
        activations.output(last.a, self._output)
        return last.a[:, : self.samples]

    def _weighted_sums(self, layer: Layer, below: Array | Stairs) -> None:
        """z = w a + b, the sum in (1.2), normalised over the mini-batch where the layer is."""
        scale = self._scale if layer.index else self._scale * self._unit
        if isinstance(below, Stairs):
            below.forward(self._parameters.pieces, self._sums, scale)
        else:
            self._products.forward(layer.weights, below, layer.a, scale)
        if layer.normalization is None:
            layer.a += layer.column_of_biases
        else:
            layer.normalization.forward(layer.a)

    def backward(self, labels: NDArray[np.intp], landing: Landing, taught: Array | None = None) -> None:
        """Backpropagation of the mini-batch that went forward last; its gradients, (1.12), land as told.

        `taught` is the teachers' part of the targets, (classes, columns), with distillation.
        A layer's weights are read, in (1.19), before its gradient lands, since it may land in them.
        """
        self._output_error(labels, taught)
        into, alpha, others, beta = landing
        for layer in reversed(self._layers):
            self._products.rows(layer.delta, self._ones, into.biases[layer.index], others, beta)  # (1.20)
            if layer.normalization is not None:
                gains = into.gains[layer.index]
                gains *= beta
                gains += others * layer.normalization.backward(layer.delta)
            if layer.index:
                below = self._layers[layer.index - 1]
                self._products.back(layer.weights, layer.delta, below.delta, self._scale)
                below.delta *= below.derivative  # (1.19)
                self._products.gradient(layer.delta, below.a, into.weights[layer.index], alpha, beta)  # (1.21)
        self._first_gradient(into, alpha * self._unit, beta)

    def _first_gradient(self, into: Parameters, alpha: float, beta: float) -> None:
        """(1.21) of the first layer, below which are the inputs."""
        if isinstance(self._inputs, Stairs):
            self._inputs.gradient(self._errors, into.pieces, alpha, beta)
        else:
            self._products.gradient(self._layers[0].delta, self._inputs, into.weights[0], alpha, beta)

    def _output_error(self, labels: NDArray[np.intp], taught: Array | None) -> None:
        """δ^L (1.16) of each sample; padding gets 0, and so adds nothing to any gradient."""
        self._labels[: self.samples] = labels
        last = self._layers[-1]
        y = self._targets.take(self._labels, axis=0).T  # the table is symmetric: rows are columns
        if taught is not None:
            y += taught
        self._error(last.a, y, last.delta)
        if self._class_weights is not None:
            last.delta *= self._class_weights[self._labels]
        last.delta[:, self.samples :] = 0
