"""Hyperparameters of the data, the network and the cost, with their descriptions."""

from __future__ import annotations

from dataclasses import dataclass

from recognizer.core.ink import SPECIFICATIONS
from training.core.options.fields import described


@dataclass(frozen=True, kw_only=True)
class NetworkOptions:
    """What is trained, on what, towards what."""

    ink_specification: str = described(
        "choice",
        "moments-2",
        "Input preparation",
        "How strokes and pictures become the inputs. raw-28 is the thesis's own pixels.",
        choices=tuple(SPECIFICATIONS),
        group="data",
    )
    inverted: bool = described(
        "boolean",
        False,
        "Invert inputs",
        "Feed 1 − x instead of x. It is folded into the first layer, so the network reads either alike.",
        group="data",
    )
    source_weights: tuple[float, ...] = described(
        "numbers",
        (),
        "Mixing weights",
        "With several data sets: the share of each among the samples of an epoch, in their order. "
        "Empty: by data set balance.",
        minimum=0,
        maximum=1_000_000,
        group="data",
    )
    closing_weights: tuple[float, ...] = described(
        "numbers",
        (),
        "Closing shares",
        "With several data sets: their shares in the last epoch; from the first on they go there evenly. "
        "Empty: the same in all epochs.",
        minimum=0,
        maximum=1_000_000,
        group="data",
        reference="Bengio et al. 2009, Curriculum learning",
    )
    source_balance: float = described(
        "number",
        1.0,
        "Data set balance",
        "With several data sets: the share of each goes with its size to the power of this. "
        "1: every sample counts the same; 0: every data set counts the same.",
        minimum=0,
        maximum=1,
        group="data",
        reference="Devlin et al. 2018, multilingual BERT",
    )
    epoch_samples: int = described(
        "integer",
        0,
        "Samples per epoch",
        "How many samples an epoch shows, going round when there are fewer. 0: as many as all data sets have together.",
        minimum=0,
        maximum=10_000_000,
        group="data",
    )
    class_weights: str = described(
        "choice",
        "none",
        "Class weights",
        "balanced: a rare letter's samples count more in the cost, in inverse proportion to their number.",
        choices=("none", "balanced"),
        group="data",
        reference="King, Zeng 2001, Logistic Regression in Rare Events Data",
    )
    class_sampling: str = described(
        "choice",
        "none",
        "Class sampling",
        "balanced: an epoch has as many samples of a rare letter as of a common one, the rare ones several times, "
        "not all of the common ones. Instead of class weights.",
        choices=("none", "balanced"),
        group="data",
        reference="Buda, Maki, Mazurowski 2018, A systematic study of the class imbalance problem",
    )
    hidden_layers: tuple[int, ...] = described(
        "integers",
        (256, 128),
        "Hidden layers",
        "Neurons of each hidden layer, first to last, such as 256-128.",
        minimum=1,
        maximum=4096,
        reference="thesis 2.8",
    )
    activation: str = described(
        "choice",
        "relu",
        "Activation",
        "What a hidden neuron does with its weighted sum. gelu, a smooth relu, reads better and takes longer.",
        choices=("sigmoid", "relu", "gelu"),
        reference="thesis (1.1), (2.11); Hendrycks, Gimpel 2016",
    )
    output: str = described(
        "choice",
        "softmax",
        "Output",
        "softmax makes the outputs sum to one; sigmoid lets each output stand alone, "
        "which is what (1.25) differentiates.",
        choices=("softmax", "sigmoid"),
        reference="thesis (1.3), (1.1)",
    )
    initializer: str = described(
        "choice",
        "he",
        "Initial weights",
        "normal: N(0, 1) for all; scaled-normal: weights N(0, 1/√n_in), biases N(0, 1); "
        "he and glorot: weights scaled for ReLU and for sigmoid, biases 0.",
        choices=("normal", "scaled-normal", "he", "glorot"),
        reference="thesis 2.10; He et al. 2015; Glorot, Bengio 2010",
    )
    batch_normalization: bool = described(
        "boolean",
        False,
        "Batch normalisation",
        "Normalise each hidden neuron over the mini-batch. It is folded into the weights, "
        "so that what serves is still a plain network.",
        reference="Ioffe, Szegedy 2015",
    )
    cost: str = described(
        "choice",
        "cross-entropy",
        "Cost",
        "cross-entropy is −ln of the right letter's probability; quadratic is (1.4); "
        "binary-cross-entropy is (1.22), summed over the outputs.",
        choices=("cross-entropy", "quadratic", "binary-cross-entropy"),
        group="cost",
        reference="thesis (1.4), (1.22)",
    )
    output_error: str = described(
        "choice",
        "exact",
        "Output error",
        "exact: the cost's derivative by all outputs. elementwise: the thesis's (1.17) with any output, "
        "as if softmax outputs did not depend on each other.",
        choices=("exact", "elementwise"),
        group="cost",
        reference="thesis (1.17), (1.18)",
    )
    l2: float = described(
        "number",
        0.0,
        "L2",
        "Adds λ/2n Σw² to the cost, over weights and not biases; n is the number of training samples.",
        minimum=0,
        maximum=10_000,
        group="cost",
        symbol="λ",
        reference="thesis (2.4)",
    )
    label_smoothing: float = described(
        "number",
        0.0,
        "Label smoothing",
        "Moves this share of each target from the right letter to all letters evenly.",
        minimum=0,
        maximum=0.5,
        group="cost",
        reference="Szegedy et al. 2016",
    )
    distillation: float = described(
        "number",
        0.0,
        "Distillation",
        "Share of the targets that comes from teachers, larger networks that read the same letters; "
        "the rest comes from the labels. 0: no teacher.",
        minimum=0,
        maximum=1,
        group="cost",
        reference="Hinton, Vinyals, Dean 2015; Beyer et al. 2022",
    )
    temperature: float = described(
        "number",
        1.0,
        "Temperature",
        "What the teachers' scores are divided by before softmax: above 1, more of the letters that a teacher "
        "finds less likely is passed on.",
        minimum=0.1,
        maximum=20,
        group="cost",
        symbol="T",
        reference="Hinton, Vinyals, Dean 2015",
    )
    dropout: float = described(
        "number",
        0.0,
        "Dropout",
        "Share of hidden neurons that are silenced at random in each step.",
        minimum=0,
        maximum=0.9,
        group="cost",
        reference="Srivastava et al. 2014",
    )
