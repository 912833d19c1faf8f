"""The chapters of the study page: what each part of the thesis asks, and what one sees."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Chapter:
    """A part of the thesis.

    Attributes:
        key: of its anchor.
        section: of the thesis.
        title: of the chapter.
        text: what it asks and what one sees.
        experiments: by name.

    """

    key: str
    section: str
    title: Any
    text: Any
    experiments: tuple[str, ...]


CHAPTERS = (
    Chapter(
        "learning-rate",
        "2.4",
        _("How long should a step be?"),
        _(
            "The quadratic cost, sigmoid neurons and large initial weights. Above η = 0.8, the longer the step, the "
            "lower and the more restless the curve. The thesis's only output error, (1.17), treats softmax outputs as "
            "if each stood alone; with the exact derivative the curves come in another order. So both are trained."
        ),
        ("learning-rate-elementwise", "learning-rate-quadratic"),
    ),
    Chapter(
        "cross-entropy",
        "2.6",
        _("Cross-entropy frees a saturated neuron"),
        _(
            "With the quadratic cost the error is multiplied by the slope of the sigmoid, which is almost 0 where the "
            "neuron is sure, right or wrong. Cross-entropy cancels that slope: learning starts at once."
        ),
        ("learning-rate-cross-entropy",),
    ),
    Chapter(
        "mini-batch",
        "2.7",
        _("How many letters for one step?"),
        _(
            "Few letters make a noisy step, many make few steps in an epoch. The thesis found its best mini-batch in "
            "between; the table has ours beside it."
        ),
        ("mini-batch",),
    ),
    Chapter(
        "layers",
        "2.8",
        _("How many neurons?"),
        _(
            "More neurons draw finer borders between letters, and every epoch takes longer. In the thesis a third "
            "layer did not help; the table has ours beside it."
        ),
        ("layers",),
    ),
    Chapter(
        "l2",
        "2.9",
        _("Small weights generalise"),
        _("L2 regularisation pulls every weight towards 0, so that the network cannot learn single pictures by heart."),
        ("l2",),
    ),
    Chapter(
        "initialisation",
        "2.10",
        _("How to begin"),
        _(
            "Weights from N(0, 1) saturate the first neurons before they have learned anything. Divided by the root of "
            "the number of inputs, z stays where the sigmoid has a slope."
        ),
        ("initialisation",),
    ),
    Chapter(
        "relu",
        "2.11",
        _("ReLU"),
        _("A neuron that is 0 below 0 and z above it never saturates upwards: the thesis's best row."),
        ("relu",),
    ),
)
