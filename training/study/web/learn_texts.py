"""What static/js/learn/ says, in the page's language; a word in braces is filled in there."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Texts = dict[str, str | dict[str, str]]
"""By name; a text that goes by a number has several forms."""


def texts() -> Texts:
    """All of it."""
    return {**_of_training(), **_of_scores(), **_of_address(), **_of_charts(), **_of_drawing(), **_of_steps()}


def _forms(of: Callable[[int], str]) -> dict[str, str]:
    """A text's forms by the names that `Intl.PluralRules` has for them."""
    return {"one": of(1), "few": of(2), "many": of(5), "other": of(2)}


def _of_training() -> Texts:
    return {
        "train": _("Train"),
        "pause": _("Pause"),
        "go_on": _("Go on"),
        "preparing": _("Preparing the pictures: {percent}"),
        "learning": _("Epoch {epoch}, {steps}. {samples} to learn from, {held} held back."),
        "steps": _forms(lambda count: ngettext("{count} step", "{count} steps", count)),
        "samples": _forms(lambda count: ngettext("{count} picture", "{count} pictures", count)),
        "hidden": _("It waited while the page was out of sight."),
        "here": _("This browser has no workers: the page itself does the work, and answers more slowly meanwhile."),
        "diverged": _(
            "It diverges: the cost is {cost}, more than guessing would cost. With a learning rate of {rate} each step "
            "goes too far."
        ),
        "undone": _("Taken back. The learning rate is {rate} now."),
        "failed": _("The training broke off: {why}. Press Train to begin again."),
        "no_letters": _("The letters could not be loaded. Press Train to try again."),
        "no_own": _(
            "No letters of your own are kept in this browser: draw some below, of at least two kinds. Until then "
            "it learns from the set."
        ),
        "no_data": _(
            "There is no data set here from which the model in service learned. It learns from the set of this page."
        ),
        "begins_anew": _("Training starts over when you next press Train."),
    }


def _of_scores() -> Texts:
    return {
        "knows_nothing": _("This one knows nothing yet. Press Train."),
        "has_learnt": _("Write a letter below and see what it reads."),
        "unseen": _("of unseen letters are read correctly"),
        "variations": _(
            "of other variations of your drawings are read correctly. Only the next letter that you write tells how "
            "well it reads your hand."
        ),
        "ended": _forms(
            lambda count: ngettext(
                "Done: after {count} epoch, {percent} of the letters held back are read correctly.",
                "Done: after {count} epochs, {percent} of the letters held back are read correctly.",
                count,
            )
        ),
        "ended_own": _forms(
            lambda count: ngettext(
                "Done: after {count} epoch, {percent} of other variations of your drawings are read correctly. Now "
                "write the next letter.",
                "Done: after {count} epochs, {percent} of other variations of your drawings are read correctly. Now "
                "write the next letter.",
                count,
            )
        ),
        "tile": _("{letter}: read as {read} ({percent})"),
    }


def _of_address() -> Texts:
    return {
        "wrong_address": _("Not understood in the address, so the usual value is used: {names}."),
        "outside_address": _("Out of range in the address, so the usual value is used: {names}."),
        "range": _("{name} is {least} to {most}"),
        "layers_range": _("{name} is up to {count} numbers of 1 to {most}"),
    }


def _of_charts() -> Texts:
    return {
        "weights": _forms(
            lambda count: ngettext(
                "What the first neuron looks for: blue where ink speaks for it, orange where against",
                "What the first {count} neurons look for: blue where ink speaks for them, orange where against",
                count,
            )
        ),
        "noise": _("What the first neurons look for before they have learnt anything: noise"),
        "cost": _("cost"),
        "accuracy": _("accuracy"),
        "epoch": _("epoch"),
        "training": _("training"),
        "validation": _("held back"),
        "layer": _("layer {number}"),
        "length": _("length of the gradient"),
        "idle_saturated": _("Layer {number}: {percent} of its sigmoids are saturated, their slope is below 0.02."),
        "idle_silent": _("Layer {number}: {percent} of its neurons are silent, their slope is 0."),
        "highest": _("Highest bar: {percent}."),
        "answer": _("answer"),
        "between": _("from {from} to {to}"),
        "or_more": _("{from} or more"),
        "no_hidden": _("This network has no hidden layer."),
    }


def _of_drawing() -> Texts:
    return {
        "reads": _("The network reads {read} ({percent})."),
        "reads_nothing": _("Write a letter: the network on this page says what it reads."),
        "untrained": _("It knows nothing yet: press Train above, then write."),
        "own_count": _forms(
            lambda count: ngettext(
                "{count} of {all} drawings is kept in this browser.",
                "{count} of {all} drawings are kept in this browser.",
                count,
            )
        ),
        "forgotten": _("Your letters are forgotten."),
        "not_kept": _("This browser keeps nothing: your letters last until the page is closed."),
        "nothing_drawn": _("Nothing is written yet."),
        "sheet": _("Sheet to write {letter} on"),
        "pulled_of": _("{letter} was read as {read} ({percent}). These training pictures pulled most:"),
        "pulled_right": _("{letter} is read correctly ({percent}). These training pictures pull against it most:"),
        "pulled_none": _("No training picture pulls against {letter}."),
        "pulled_picture": _("{letter}, itself read as {read}"),
    }


def _of_steps() -> Texts:
    return {
        "step": _("Step {number} of {all}"),
        "no_walk": _("Write a letter above and train, if only for a moment: then its steps can be walked."),
        "neuron": _("neuron {number}"),
        "ink": _forms(
            lambda count: ngettext(
                "{count} of 784 pixels is inked; its value is {sum}.",
                "{count} of 784 pixels are inked; their sum is {sum}.",
                count,
            )
        ),
        "strongest": _("The strongest of {count}:"),
        "target": _("Target: {letter}."),
        "cost_is": _("C = {cost}; guessing would cost {guess}."),
        "gradient": _(
            "The largest of the last layer: from neuron {from} to {letter}, a = {a}, δ = {delta}, so ∂C/∂w = "
            "{gradient}."
        ),
        "moved": _("w was {before} and is {after} now: −η ∂C/∂w = {change}, and L2 takes {decay}."),
        "again": _("C was {before}; it is {after} after this one step. {letter}: {was} before, {now} now."),
        "layer_errors": _("Layer {number}: length of δ {length}, mean slope {slope}."),
    }
