"""How gradients change parameters: the thesis's update (2.9), (2.10), momentum, Adam.

Every optimizer says where backpropagation adds the gradients (`gradient_target`), then changes the parameters
(`apply`). For plain SGD that target is the parameters themselves, so that nothing is left to do: the product that
adds the gradients up is the update.
"""

from __future__ import annotations

import math

import numpy as np

from recognizer.core.messages import message as _
from training.core.hyperparameters import HyperparameterError, Hyperparameters
from training.core.parameters import Array, GradientTarget, Parameters
from training.core.products import blas_functions

Arrays = dict[str, Array]

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
"""Adam's constants, as Kingma and Ba give them."""

BLOCK = 1 << 15
"""Numbers that Adam works on at once: its five arrays of them stay in the second-level cache."""


class Optimizer:
    """What all optimizers share: a gradient apart from the parameters, clipping, L2 and weight decay.

    Args:
        parameters: changed in place.
        arrays: the optimizer's own memory (velocity, moments), changed in place; see `memory`.
        samples: n of the L2 term λ/2n Σ w².

    Attributes:
        memory: names of the vectors that it keeps from step to step.
        decoupled_l2: whether L2 shrinks the weights themselves, as weight decay does, or acts through the gradient.
    """

    memory: tuple[str, ...] = ()
    decoupled_l2 = False

    def __init__(
        self, hyperparameters: Hyperparameters, parameters: Parameters, arrays: Arrays, *, samples: int
    ) -> None:
        self.parameters = parameters
        self.hyperparameters = hyperparameters
        self.l2 = hyperparameters.l2 / samples
        self.gradient = parameters.zeros_like()
        self.arrays = arrays
        self._axpy, self._scal, self._nrm2 = blas_functions(("axpy", "scal", "nrm2"), dtype=parameters.flat.dtype)

    def gradient_target(self, rate: float, samples: int) -> GradientTarget:
        """Where the gradients of this many samples go, `rate` being the learning rate of this step.

        Here the mean over the mini-batch, (1.13), replaces the gradient of the step before.
        """
        return GradientTarget(self.gradient, 1 / samples, 1 / samples, 0)

    def apply(self, rate: float, step: int) -> None:
        """Change the parameters; `step` is 0 for the first."""
        self._clip()
        self._decay(rate)
        self._update(rate, step)

    def _update(self, rate: float, step: int) -> None:
        raise NotImplementedError

    def _clip(self) -> None:
        """Shorten a gradient longer than allowed (Pascanu et al. 2013, algorithm 1)."""
        longest = self.hyperparameters.gradient_clipping
        if longest:
            length = float(self._nrm2(self.gradient.flat))
            if length > longest:
                self.gradient.flat *= longest / length

    def _decay(self, rate: float) -> None:
        """All that L2 and weight decay do in a step, whatever the optimizer.

        By the gradient of (2.4), (2.5) has λ/n w for weights and (2.6) nothing for biases. Added to the cost's
        gradient it goes through momentum and moments; decoupled it shrinks the weights by 1 − ηλ/n, as in (2.9).
        Weight decay always shrinks them.
        """
        p, decay = self.parameters, self.hyperparameters.weight_decay
        if self.decoupled_l2:
            decay += self.l2
        elif self.l2:
            self._axpy(p.flat, self.gradient.flat, n=p.weight_count, a=self.l2 * p.scale)
        p.shrink(1 - rate * decay)

    def _add(self, change: Array, factor: float) -> None:
        """parameters += factor · change, whatever the scale of the weights."""
        p, n = self.parameters, self.parameters.weight_count
        self._axpy(change, p.flat, n=n, a=factor / p.scale)
        self._axpy(change, p.flat, n=p.flat.size - n, offx=n, offy=n, a=factor)


class FusedDescent(Optimizer):
    """(2.9), (2.10) in the product itself: w → (1 − ηλ/n) w − η/m Σ ∂C_x/∂w, b → b − η/m Σ ∂C_x/∂b.

    With λ = 0 these are (1.14), (1.15); with m = n they are (2.8), (2.7), and (1.10), (1.11) with both:
    the step −η∇C of (1.8), (1.9), which lowers the cost by (1.5) to (1.7).
    """

    decoupled_l2 = True

    def gradient_target(self, rate: float, samples: int) -> GradientTarget:
        """The parameters themselves. They shrink first, by their scale alone: `backward` still reads the old ones."""
        self._decay(rate)
        p = self.parameters
        return GradientTarget(p, -rate / (samples * p.scale), -rate / samples, 1)

    def apply(self, rate: float, step: int) -> None:
        """Nothing is left to do."""


class Descent(Optimizer):
    """(2.9), (2.10) from a gradient apart from the parameters, so that it can be clipped."""

    def _update(self, rate: float, step: int) -> None:
        self._add(self.gradient.flat, -rate)


class Momentum(Optimizer):
    """v → μv − η∇C, w → w + v (Polyak 1964)."""

    memory = ("velocity",)

    def _update(self, rate: float, step: int) -> None:
        velocity = self.arrays["velocity"]
        self._scal(self.hyperparameters.momentum, velocity)
        self._axpy(self.gradient.flat, velocity, a=-rate)
        self._add(velocity, 1)


class Nesterov(Momentum):
    """v → μv − η∇C(w + μv), w → w + v (Sutskever et al. 2013, (3), (4)).

    The parameters hold w + μv, where the gradient is wanted. They move by −η∇C + μ v_new.
    """

    def _update(self, rate: float, step: int) -> None:
        velocity, momentum = self.arrays["velocity"], self.hyperparameters.momentum
        self._scal(momentum, velocity)
        self._axpy(self.gradient.flat, velocity, a=-rate)
        self._add(velocity, momentum)
        self._add(self.gradient.flat, -rate)


class Adam(Optimizer):
    """Kingma, Ba 2015, algorithm 1."""

    memory = ("first_moment", "second_moment")

    def __init__(
        self, hyperparameters: Hyperparameters, parameters: Parameters, arrays: Arrays, *, samples: int
    ) -> None:
        super().__init__(hyperparameters, parameters, arrays, samples=samples)
        self._work = np.empty(BLOCK, parameters.flat.dtype)
        n = parameters.weight_count
        self._weight_blocks = self._blocks(0, n)
        self._other_blocks = self._blocks(n, parameters.flat.size)

    def _blocks(self, first: int, end: int) -> list[tuple[Array, ...]]:
        """Gradient, both moments and parameters, cut into blocks that fit the cache."""
        vectors = (
            self.gradient.flat,
            self.arrays["first_moment"],
            self.arrays["second_moment"],
            self.parameters.flat,
        )
        starts = range(first, end, BLOCK)
        return [tuple(vector[start : min(start + BLOCK, end)] for vector in vectors) for start in starts]

    def _update(self, rate: float, step: int) -> None:
        root = math.sqrt(1 - BETA2 ** (step + 1))  # the bias corrections, taken out of the loop
        length = rate * root / (1 - BETA1 ** (step + 1))
        for block in self._weight_blocks:
            self._move(block, length / self.parameters.scale, EPSILON * root)
        for block in self._other_blocks:
            self._move(block, length, EPSILON * root)

    def _move(self, block: tuple[Array, ...], length: float, epsilon: float) -> None:
        """w −= length · m / (√v + ε), after both moments have taken in the gradient g."""
        g, m, v, w = block
        work = self._work[: g.size]
        self._scal(BETA1, m)
        self._axpy(g, m, a=1 - BETA1)
        np.multiply(g, g, out=work)
        self._scal(BETA2, v)
        self._axpy(work, v, a=1 - BETA2)
        np.sqrt(v, out=work)
        work += epsilon
        np.divide(m, work, out=work)
        self._axpy(work, w, a=-length)


class AdamW(Adam):
    """Adam with decoupled L2 (Loshchilov, Hutter 2019, algorithm 2)."""

    decoupled_l2 = True


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": FusedDescent,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adam": Adam,
    "adamw": AdamW,
}


def optimizer_class(hyperparameters: Hyperparameters) -> type[Optimizer]:
    """The optimizer that these hyperparameters ask for."""
    if hyperparameters.optimizer == "sgd" and hyperparameters.gradient_clipping:
        return Descent
    return OPTIMIZERS[hyperparameters.optimizer]


def check_decay(hyperparameters: Hyperparameters, samples: int) -> None:
    """Refuse a decay that leaves nothing of the weights: (2.9) has 1 − ηλ/n.

    Raises:
        HyperparameterError: the learning rate times the decay is 1 or more.
    """
    shrunk_by = hyperparameters.learning_rate * (hyperparameters.l2 / samples + hyperparameters.weight_decay)
    if shrunk_by >= 1:
        field = "l2" if hyperparameters.l2 > hyperparameters.weight_decay else "weight_decay"
        raise HyperparameterError(
            field,
            _("times the learning rate leaves nothing of the weights in one step (%(samples)s samples).")
            % {"samples": samples},
        )
