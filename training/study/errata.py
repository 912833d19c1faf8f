"""Slips of the thesis: where, what it says, what is right."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Slip:
    """One of them.

    Attributes:
        place: in the thesis.
        said: what stands there.
        right: what is right, and why.

    """

    place: Any
    said: Any
    right: Any


SLIPS = (
    Slip("§2.1.1, §2.2", _("76,000 and 76,635 training pictures"), _("76,635, the number that is given with 16,500.")),
    Slip(
        "§1.6.1, §2.2",
        _("(1.17), an elementwise output error, with softmax outputs"),
        _("Softmax is not elementwise; the exact derivative needs all outputs. Both were trained above."),
    ),
    Slip("§1.6.2", _("cites (1.17)–(1.20)"), _("The algorithm needs (1.21), too: the gradient by the weights.")),
    Slip("§2.5", _("(2.1) and (2.2) as the general gradient"), _("They hold for x = 1 and y = 0.")),
    Slip(
        "§2.10",
        _("“z ≫ 1 or z ≫ −1” of a saturated neuron"),
        _("z ≫ 1 or z ≪ −1: only far to the left is the sigmoid close to 0."),
    ),
    Slip(
        "§2.10",
        _("smaller initial weights squeeze the “Hessians”"),
        _("They squeeze the Gaussians, the distributions of the weights; a Hessian is a matrix of second derivatives."),
    ),
    Slip(
        "§2.10",
        _("a gain of 5–6 %"),
        _("From 95.47 to 95.935 %: 0.47 points."),
    ),
    Slip("§3.1", "x84", _("The architecture of PC 1 is x86, in 64 bits.")),
    Slip("§3.1", _("PC 1 gains under 1 %"), _("From 1.8161 to 1.7865 seconds: 1.63 %.")),
    Slip(
        _("Conclusion"),
        _("the accuracy on training data"),
        _("It is the accuracy on the pictures that the thesis calls test, on which its choices were made."),
    ),
)
