"""The steps of one mini-batch: each with its equation, the meaning of its symbols, and the line that computes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from training.study.learning.sources import SourceLine

Text = str | Promise

MEANINGS: dict[str, Text] = {
    "x": _("the picture: one number for each of its 784 pixels, 0 for paper and 1 for ink"),
    "w": _("the weights of a layer: how strongly each neuron listens to each input"),
    "b": _("the biases of a layer: where each neuron begins"),
    "z": _("the weighted sum of a neuron, before the activation"),
    "a": _("what a neuron passes on: its activation; of the last layer, the outputs"),
    "y": _("what the outputs should be: 1 for the right letter, 0 for all others"),
    "C": _("the cost: how wrong the outputs are; training makes it smaller"),
    "δ": _("the error of a neuron: how much the cost changes with its weighted sum"),
    "σ": _("the sigmoid, a smooth step from 0 to 1"),
    "σ′": _("its slope: almost 0 where the neuron is sure"),
    "η": _("the learning rate: how far one step goes"),
    "λ": _("L2: how strongly weights are drawn towards 0"),
    "n": _("how many pictures there are to learn from"),
    "m": _("how many pictures a mini-batch has; here it is 1"),
    "wᵀ": _("the weights of the layer above, read backwards"),
    "∂": _("how the one changes with the other"),
    "Σ": _("the sum over all"),
    "g": _("how the cost changes with an output"),
}
"""What each symbol stands for."""


@dataclass(frozen=True)
class EquationStep:
    """One step.

    Attributes:
        key: what the script shows below it.
        title: what happens.
        number: of the thesis, or empty.
        formula: words; those of `MEANINGS` can be asked what they mean.
        line: where the core computes it.
        when: values of the recipe that it goes with.

    """

    key: str
    title: Text
    number: str
    formula: str
    line: SourceLine
    when: Mapping[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> list[tuple[str, Text]]:
        """The formula's words, each with its meaning or nothing."""
        return [(word, MEANINGS.get(word, "")) for word in self.formula.split()]

    @property
    def conditions(self) -> str:
        """As the script reads them."""
        return " ".join(f"{name}={value}" for name, value in self.when.items())


REFERENCE, ACTIVATIONS, COSTS = "training.core.reference", "training.core.activations", "training.core.costs"
BACKPROPAGATION = "training.core.backpropagation"
_ERROR, _COST, _ACTIVATION = _("How wrong is each output?"), _("One number: the cost"), _("The hidden neurons answer")

STEPS = (
    EquationStep(
        "input",
        _("Your drawing becomes numbers"),
        "",
        "x = ink / 255",
        SourceLine("recognizer.core.inputs", "unit_floats", "np.float32(255)"),
    ),
    EquationStep(
        "sums",
        _("Each neuron of the first layer adds up"),
        "1.2",
        "z = w x + b",
        SourceLine(BACKPROPAGATION, "_weighted_sums", "self._inputs.forward(layer.weights, layer.a"),
    ),
    EquationStep(
        "activation",
        _ACTIVATION,
        "1.1",
        "a = σ ( z ) = 1 / (1 + e⁻ᶻ)",
        SourceLine(ACTIVATIONS, "sigmoid", "# (1.1)"),
        {"activation": "sigmoid"},
    ),
    EquationStep(
        "activation",
        _ACTIVATION,
        "2.11",
        "a = max(0, z )",
        SourceLine(ACTIVATIONS, "relu", "# (2.11)"),
        {"activation": "relu"},
    ),
    EquationStep(
        "activation",
        _ACTIVATION,
        "",
        "a = z Φ( z )",
        SourceLine(ACTIVATIONS, "gelu", "z *= share"),
        {"activation": "gelu"},
    ),
    EquationStep(
        "outputs",
        _("33 outputs share out one whole"),
        "1.3",
        "a = exp( z ) / Σ exp( z )",
        SourceLine(ACTIVATIONS, "softmax", "z /= np.add.reduce(z, axis=0)"),
        {"output": "softmax"},
    ),
    EquationStep(
        "outputs",
        _("33 outputs, each by itself"),
        "1.1",
        "a = σ ( z )",
        SourceLine(ACTIVATIONS, "sigmoid", "# (1.1)"),
        {"output": "sigmoid"},
    ),
    EquationStep(
        "cost",
        _COST,
        "1.4",
        "C = ½ Σ ( y − a )²",
        SourceLine(REFERENCE, "cost", '"quadratic": ((y - a) ** 2).sum() / 2'),
        {"cost": "quadratic"},
    ),
    EquationStep(
        "cost",
        _COST,
        "",
        "C = − Σ y ln a",
        SourceLine(REFERENCE, "cost", '"cross-entropy": -(y * np.log(a)).sum()'),
        {"cost": "cross-entropy"},
    ),
    EquationStep(
        "cost",
        _COST,
        "1.22",
        "C = − Σ [ y ln a + (1 − y ) ln(1 − a )]",
        SourceLine(REFERENCE, "cost", '"binary-cross-entropy": -(y * np.log(a)'),
        {"cost": "binary-cross-entropy"},
    ),
    EquationStep(
        "error",
        _ERROR,
        "1.26",
        "δ = a − y",
        SourceLine(COSTS, "_difference", "np.subtract(a, y, out=delta)"),
        {"error": "difference"},
    ),
    EquationStep(
        "error",
        _ERROR,
        "1.17",
        "δ = ( a − y ) a (1 − a )",
        SourceLine(COSTS, "_quadratic_sigmoid", "delta *= 1 - a"),
        {"error": "elementwise"},
    ),
    EquationStep(
        "error",
        _ERROR,
        "",
        "δ = a ( g − Σ g a ) , g = a − y",
        SourceLine(COSTS, "_quadratic_softmax", "delta -= a * delta.sum(axis=0)"),
        {"error": "quadratic-softmax"},
    ),
    EquationStep(
        "error",
        _ERROR,
        "",
        "δ = a ( g − Σ g a ) , g = ( a − y ) / ( a (1 − a ))",
        SourceLine(COSTS, "_binary_softmax", "delta -= a * delta.sum(axis=0)"),
        {"error": "binary-softmax"},
    ),
    EquationStep(
        "back",
        _("The errors go back"),
        "1.19",
        "δ = wᵀ δ · σ′ ( z )",
        SourceLine(REFERENCE, "gradients", "# (1.19)"),
        {"hidden": "yes"},
    ),
    EquationStep(
        "gradients",
        _("What each weight did to the cost"),
        "1.21",
        "∂ C / ∂ w = a δ",
        SourceLine(REFERENCE, "gradients", "by_w: list[Vector] = [np.outer(delta, activations[-2])]  # (1.21)"),
    ),
    EquationStep(
        "update",
        _("Every weight moves a little"),
        "2.9",
        "w → (1 − η λ / n ) w − η / m Σ ∂ C / ∂ w",
        SourceLine(REFERENCE, "update", "self.weights[layer] -= rate"),
    ),
    EquationStep(
        "after",
        _("The same drawing once more"),
        "",
        "C ( w , b )",
        SourceLine(REFERENCE, "total_cost", "costs = [cost(self.cost, self.outputs(x), y)"),
    ),
)
"""In the order of the mini-batch; where several have the same key, their conditions choose."""
