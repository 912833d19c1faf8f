"""Scenes: networks that each show one thing, as addresses that a teacher can send."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Scene:
    """A network, and what it shows.

    Attributes:
        key: of the page.
        title: a few words.
        query: its place in the address, as static/js/learn/recipe.js writes it.
        text: what to look at.

    """

    key: str
    title: str | Promise
    query: str
    text: str | Promise


SCENES = (
    Scene(
        "first",
        _("A first network"),
        "",
        _("64 neurons, cross-entropy, a learning rate of 0.5. Nine of ten new letters are read after a few seconds."),
    ),
    Scene(
        "saturated",
        _("Sure and wrong"),
        "cost=quadratic&start=normal",
        _(
            "The first weights are large, so most sigmoids stand at 0 or 1, where their slope is almost 0. The "
            "quadratic cost multiplies each error by such a slope once more: look at the length of the gradient, and "
            "how slowly it learns."
        ),
    ),
    Scene(
        "freed",
        _("Freed by cross-entropy"),
        "start=normal",
        _(
            "The same first weights, another cost. With cross-entropy the slope of the outputs cancels, and the "
            "error is simply a − y: the more wrong an output, the faster it learns."
        ),
    ),
    Scene(
        "overfitting",
        _("Learnt by heart"),
        "layers=128&start=normal&rate=0.2&pictures=5&epochs=25",
        _(
            "Five pictures of each letter and 128 neurons: soon all of them are known, and of the letters held back "
            "hardly a third is read. The two curves part: that is overfitting."
        ),
    ),
    Scene(
        "l2",
        _("Held by L2"),
        "layers=128&start=normal&rate=0.2&l2=2&pictures=5&epochs=25",
        _(
            "The same five pictures, but L2 draws the weights towards 0. What is left of them is what many pictures "
            "agree on, and more of the letters held back are read."
        ),
    ),
    Scene(
        "relu",
        _("ReLU"),
        "activation=relu&start=he&rate=0.1",
        _(
            "A neuron that is silent or passes on what it gets: where it speaks its slope is 1, so no error fades on "
            "the way back. Compare the length of the first layer's gradient with that of sigmoids."
        ),
    ),
    Scene(
        "diverges",
        _("Too large a step"),
        "rate=10",
        _(
            "Each step overshoots, and the next one overshoots further: the cost rises above that of guessing. The "
            "page stops there, and takes it back if you like."
        ),
    ),
)
