"""Forward pass and backpropagation (thesis 1.6) of one mini-batch, into buffers that are made once.

`reference` says the same in plain lines; the two agree in float64 to 1e-9 after a hundred updates. What the
differences bought, on one core:

- feature-major arrays, so that BLAS finds its columns contiguous;
- columns padded to a multiple of 16, which BLAS takes at once;
- a first layer that may leave out paper (`first_layer`);
- gradients are added where the optimizer wants them, for plain SGD to the weights themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.core import activations, costs
from training.core.dropout import Dropout
from training.core.first_layer.interface import MiniBatch
from training.core.hyperparameters import Hyperparameters
from training.core.inputs.source import padded
from training.core.normalization import BatchNormalization
from training.core.parameters import Array, GradientTarget, Parameters
from training.core.products import Products


class Layer:
    """One layer's share of the parameters and its buffers, (n_out, columns), in Fortran order if `by_sample`.

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
        statistics: running (mean, variance) of each hidden layer with batch normalisation, else empty.
        class_weights: weight of each class's samples in the cost, or None for 1.
    """

    def __init__(
        self,
        parameters: Parameters,
        hyperparameters: Hyperparameters,
        *,
        samples: int,
        statistics: Sequence[tuple[Array, Array]] = (),
        class_weights: Array | None = None,
    ) -> None:
        self.samples = samples
        self.columns = columns = padded(samples)
        dtype = parameters.flat.dtype
        self._parameters = parameters
        self._products = Products(dtype)
        self._layers = [
            Layer(parameters, index, columns, by_sample=parameters.by_input and index == 0)
            for index in range(len(parameters.weights))
        ]
        self._activate = activations.HIDDEN[hyperparameters.activation]
        self._output = hyperparameters.output
        h = hyperparameters
        self._error = costs.output_error(h.cost, h.output, h.output_error)
        self._targets = costs.targets(parameters.sizes[-1], hyperparameters.label_smoothing, dtype)
        self._targets *= 1 - hyperparameters.distillation
        self._class_weights = class_weights
        self._dropout = Dropout(hyperparameters.dropout)
        self._ones = np.ones(columns, dtype)
        self._labels = np.zeros(columns, np.intp)
        self._inputs: MiniBatch
        self._scale = 1.0
        for layer, gains, running in zip(self._layers, parameters.gains, statistics, strict=False):
            layer.normalization = BatchNormalization(gains, layer.biases, *running, samples=samples, like=layer.a)

    def forward(self, inputs: MiniBatch, rng: np.random.Generator | None = None) -> Array:
        """Outputs a^L (classes, samples) of a mini-batch.

        `rng` draws what dropout silences; without it nothing is silenced.
        """
        self._inputs = inputs
        self._scale = self._parameters.scale
        *hidden, last = self._layers
        for layer in hidden:
            self._weighted_sums(layer)
            self._activate(layer.a, layer.derivative)
            if rng is not None:
                self._dropout.apply(layer.a, layer.derivative, rng)
        self._weighted_sums(last)
        activations.output(last.a, self._output)
        return last.a[:, : self.samples]

    def _weighted_sums(self, layer: Layer) -> None:
        """z = w a + b, the sum in (1.2), normalised over the mini-batch where the layer is."""
        if layer.index:
            self._products.forward(layer.weights, self._layers[layer.index - 1].a, layer.a, self._scale)
        else:
            self._inputs.forward(layer.weights, layer.a, self._scale)
        if layer.normalization is None:
            layer.a += layer.column_of_biases
        else:
            layer.normalization.forward(layer.a)

    def backward(self, labels: NDArray[np.intp], target: GradientTarget, soft_targets: Array | None = None) -> None:
        """Backpropagation of the mini-batch that went forward last; its gradients, (1.12), are added to the target.

        `soft_targets` is the teachers' part of the targets, (classes, columns), with distillation.
        A layer's weights are read, in (1.19), before its gradient is added, which may change them.
        """
        self._output_error(labels, soft_targets)
        into, weight_alpha, other_alpha, beta = target
        for layer in reversed(self._layers):
            self._products.rows(layer.delta, self._ones, into.biases[layer.index], other_alpha, beta)  # (1.20)
            if layer.normalization is not None:
                gains = into.gains[layer.index]
                gains *= beta
                gains += other_alpha * layer.normalization.backward(layer.delta)
            weights = into.weights[layer.index]
            if layer.index:
                below = self._layers[layer.index - 1]
                self._products.back(layer.weights, layer.delta, below.delta, self._scale)
                below.delta *= below.derivative  # (1.19)
                self._products.gradient(layer.delta, below.a, weights, weight_alpha, beta)  # (1.21)
            else:
                self._inputs.gradient(layer.delta, weights, weight_alpha, beta)  # (1.21)

    def _output_error(self, labels: NDArray[np.intp], soft_targets: Array | None) -> None:
        """δ^L (1.16) of each sample; padding gets 0, and so adds nothing to any gradient."""
        self._labels[: self.samples] = labels
        last = self._layers[-1]
        y = self._targets.take(self._labels, axis=0).T  # the table is symmetric: rows are columns
        if soft_targets is not None:
            y += soft_targets
        self._error(last.a, y, last.delta)
        if self._class_weights is not None:
            last.delta *= self._class_weights[self._labels]
        last.delta[:, self.samples :] = 0
