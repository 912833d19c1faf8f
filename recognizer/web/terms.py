"""The words that the pages explain: each with a sentence, and where the thesis explains it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PAGES = {
    "1.1": 8, "1.2": 13, "1.3": 15, "1.4": 19, "1.5": 19, "1.6": 20, "1.7": 24, "2.1": 27, "2.2": 31, "2.4": 34,
    "2.5": 37, "2.6": 38, "2.7": 41, "2.8": 43, "2.9": 45, "2.10": 48, "2.11": 52, "3.1": 55,
}  # fmt: skip
"""On which page of the thesis a section begins, by its table of contents."""


@dataclass(frozen=True)
class Term:
    """A word of the field.

    Attributes:
        key: of its anchor; templates name it by this.
        word: as it is written within a sentence.
        sentence: what it means, in plain words.
        section: of the thesis that explains it, or "".

    """

    key: str
    word: Any
    sentence: Any
    section: str = ""

    @property
    def page(self) -> int | None:
        """The page of the thesis on which that section begins."""
        return PAGES[self.section] if self.section else None


@dataclass(frozen=True)
class TermGroup:
    """Words of one subject, in the order in which they explain each other."""

    key: str
    title: Any
    terms: tuple[Term, ...]


GROUPS = (
    TermGroup(
        "data",
        _("Data"),
        (
            Term(
                "split",
                _("split"),
                _(
                    "One of the three parts of a data set: the network learns from training, people and the search "
                    "choose by validation, and test is scored once, at the end."
                ),
                "2.1",
            ),
            Term(
                "validation",
                pgettext_lazy("a word of the glossary", "validation"),
                _(
                    "Pictures that the network does not learn from. After each epoch they show how well it reads "
                    "letters that it has never seen; the best epoch and the best recipe are chosen by them."
                ),
            ),
            Term(
                "test",
                pgettext_lazy("a word of the glossary", "test"),
                _(
                    "Pictures that nothing was learnt from and nothing was chosen by: the only honest figure for "
                    "how well a network reads."
                ),
                "2.2",
            ),
            Term(
                "input-preparation",
                _("input preparation"),
                _(
                    "How strokes or a picture become the numbers that the network is given: centred, scaled, and as"
                    " pixels or as directions of the pen. A model reads only what was prepared as in its training."
                ),
                "2.1",
            ),
            Term(
                "augmentation",
                _("augmentation"),
                _(
                    "Each training picture is turned, bent or shifted a little, differently in every epoch: "
                    "the network meets more hands than the data set has."
                ),
            ),
            Term(
                "class-set",
                _("class set"),
                _("The letters that a data set has or a network can tell apart, in the order of its outputs."),
            ),
        ),
    ),
    TermGroup(
        "network",
        _("Network"),
        (
            Term(
                "neuron",
                _("neuron"),
                _(
                    "It multiplies each of its inputs by a weight, adds them up with a bias and passes the sum "
                    "through its activation."
                ),
                "1.1",
            ),
            Term(
                "hidden-layer",
                _("hidden layer"),
                _(
                    "Neurons between the input and the output. More of them can tell finer shapes apart, and take "
                    "more time and memory."
                ),
                "2.8",
            ),
            Term(
                "parameters",
                _("parameters"),
                _(
                    "All the weights and biases: what training changes. Their number decides the size of the file "
                    "and the time for a letter."
                ),
                "1.2",
            ),
            Term(
                "activation",
                _("activation"),
                _(
                    "What a neuron makes of its sum. ReLU cuts off everything below 0; the sigmoid squeezes it "
                    "between 0 and 1."
                ),
                "2.11",
            ),
            Term(
                "softmax",
                _("softmax"),
                _("Turns the last layer's scores into probabilities that add up to 1."),
                "1.2",
            ),
            Term(
                "initial-weights",
                _("initial weights"),
                _(
                    "The random numbers that training begins with. Too large, and the neurons are saturated before "
                    "they have learnt anything."
                ),
                "2.10",
            ),
            Term(
                "batch-normalisation",
                _("batch normalisation"),
                _(
                    "Brings what a layer passes on to the same scale in every mini-batch, so that longer steps are "
                    "safe. It costs nothing when reading."
                ),
            ),
        ),
    ),
    TermGroup(
        "training",
        _("Training"),
        (
            Term("epoch", _("epoch"), _("One pass over all training pictures."), "1.5"),
            Term(
                "mini-batch",
                _("mini-batch"),
                _(
                    "The pictures of one step. Small ones make many noisy steps in an epoch, large ones few steady "
                    "steps."
                ),
                "2.7",
            ),
            Term(
                "cost",
                _("cost"),
                _(
                    "One number for how wrong the network is, and how sure of it: what training makes smaller. "
                    "Elsewhere it is called loss."
                ),
                "1.3",
            ),
            Term(
                "cross-entropy",
                _("cross-entropy"),
                _(
                    "The cost that counts how improbable the right letter was. A network that is sure and wrong "
                    "learns quickly with it."
                ),
                "1.7",
            ),
            Term(
                "gradient-descent",
                _("gradient descent"),
                _("Each step moves every parameter a little in the direction in which the cost falls fastest."),
                "1.3",
            ),
            Term(
                "backpropagation",
                _("backpropagation"),
                _("Computes from the output back to the input how much each parameter has to do with the error."),
                "1.6",
            ),
            Term(
                "learning-rate",
                _("learning rate"),
                _("How long a step is. Too long, and the cost jumps about; too short, and nothing is learnt in time."),
                "2.4",
            ),
            Term(
                "momentum",
                _("momentum"),
                _("A share of the last step is added to the next one, so that steps in the same direction grow."),
            ),
            Term(
                "regularisation",
                _("L2 regularisation"),
                _(
                    "Pulls every weight towards 0, so that the network cannot learn single pictures by heart. λ "
                    "says how hard."
                ),
                "2.9",
            ),
            Term(
                "overfitting",
                _("overfitting"),
                _("The network gets better on the training pictures and no better, or worse, on others."),
                "2.9",
            ),
            Term(
                "dropout",
                _("dropout"),
                _(
                    "In each step some hidden neurons, drawn at random, are silenced, so that none relies on "
                    "another alone."
                ),
            ),
            Term(
                "label-smoothing",
                _("label smoothing"),
                _("The network is asked to be a little less than sure: it doubts more wisely."),
            ),
            Term(
                "distillation",
                _("distillation"),
                _("A small network learns from the answers of a large one, its teacher, beside the right letters."),
            ),
            Term(
                "early-stopping",
                _("early stopping"),
                _("The training ends when validation has not got better for some epochs; the best epoch is kept."),
            ),
            Term(
                "seed",
                _("seed"),
                _("The number from which all random numbers follow: the same seed gives the same network."),
            ),
            Term(
                "recipe",
                _("recipe"),
                _("All the hyperparameters of a training: everything that is chosen and not learnt."),
                "2.4",
            ),
        ),
    ),
    TermGroup(
        "results",
        _("Results"),
        (
            Term("accuracy", _("accuracy"), _("The share of the pictures whose letter is read right."), "2.2"),
            Term(
                "top-five",
                _("among the five best"),
                _("The share of the pictures whose letter is one of the five most probable ones."),
            ),
            Term(
                "confusion-matrix",
                _("confusion matrix"),
                _(
                    "A table of how often each letter was read as each other one: a row for the letter that was "
                    "written, a column for what was read."
                ),
            ),
            Term("recall", _("recall"), _("Of all pictures of this letter, the share that was read as it.")),
            Term(
                "precision-of-reading",
                pgettext_lazy("share of what was read", "precision"),
                _("Of everything that was read as this letter, the share that really was it."),
            ),
            Term(
                "calibration",
                _("calibration"),
                _(
                    "Makes the probabilities true: of the letters that are read with 90 %, about 90 of 100 are "
                    "right. One number, the temperature, is found on validation."
                ),
            ),
            Term(
                "percentile-90",
                _("90th percentile"),
                _("Nine of ten measurements took no longer than this."),
            ),
        ),
    ),
    TermGroup(
        "search",
        _("Search"),
        (
            Term(
                "hyperparameter",
                _("hyperparameter"),
                _("Something that is chosen before a training, such as its learning rate or its layers."),
                "2.4",
            ),
            Term(
                "sweep", _("sweep"), _("Many trainings that differ in a few hyperparameters, to find the best."), "2.4"
            ),
            Term("trial", _("trial"), _("One training of a sweep. Its test letters are not looked at.")),
            Term(
                "strategy",
                _("strategy"),
                _("How the next trial is chosen: all of a grid, at random, or by what the trials so far have shown."),
            ),
            Term(
                "importance",
                _("importance"),
                _("How much of the difference between the trials a hyperparameter explains."),
            ),
            Term(
                "stopping-trials",
                _("stopping of poor trials"),
                _("A trial that is clearly behind the others is ended early, so that its time goes to better ones."),
            ),
        ),
    ),
    TermGroup(
        "devices",
        _("Devices"),
        (
            Term(
                "quantisation",
                _("quantisation"),
                _(
                    "Storing and computing a network in fewer bits: a smaller file and less time, "
                    "and, done with care, hardly a letter fewer is read."
                ),
                "3.1",
            ),
            Term(
                "bits",
                _("precision of numbers"),
                _(
                    "How many bits a weight has: fp32 and fp16 are floating-point numbers of 32 and 16 bits, int8, "
                    "int4 and int2 whole numbers of 8, 4 and 2."
                ),
                "3.1",
            ),
            Term(
                "benchmark",
                _("benchmark"),
                _("A measurement of how long a device takes for the same letters with the same network."),
                "3.1",
            ),
            Term(
                "weight-pruning",
                _("pruning of weights"),
                _("The smallest weights become 0 on the way, so that they need not be stored."),
            ),
        ),
    ),
)
"""All of them, by subject."""


def _by_key(groups: Iterable[TermGroup]) -> dict[str, Term]:
    return {term.key: term for group in groups for term in group.terms}


TERMS = _by_key(GROUPS)
"""By their keys."""
