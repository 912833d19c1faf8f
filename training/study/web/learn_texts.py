"""What static/js/learn/ says, in the page's language; a word in braces is filled in there."""

from django.utils.translation import gettext as _


def texts() -> dict[str, str]:
    """All of it."""
    return {**_of_training(), **_of_drawing(), **_of_steps()}


def _of_training() -> dict[str, str]:
    return {
        "train": _("Train"),
        "pause": _("Pause"),
        "go_on": _("Go on"),
        "preparing": _("Preparing the pictures: {percent}"),
        "learning": _("Epoch {epoch}, {steps} steps. {samples} pictures to learn from, {held} held back."),
        "ended": _("Done: {percent} of the letters held back are read after {epoch} epochs."),
        "hidden": _("It waited while the page was out of sight."),
        "here": _("This browser has no workers: the page itself does the work, and answers more slowly meanwhile."),
        "diverged": _(
            "It diverges: the cost is {cost}, more than guessing has. With a learning rate of {rate} each step "
            "goes too far."
        ),
        "undone": _("Taken back. The learning rate is {rate} now."),
        "failed": _("The training broke off: {why}. Press Train to begin again."),
        "no_letters": _("The letters could not be loaded. Press Train to try again."),
        "wrong_address": _("Not understood in the address, so as usual: {names}."),
        "no_own": _(
            "No letters of your own are kept in this browser: draw some below, of at least two kinds. Until then "
            "it learns from the set."
        ),
        "no_data": _(
            "There is no data set here from which the model in service learned. It learns from the set of this page."
        ),
        "begins_anew": _("Training starts over when you next press Train."),
        "tile": _("{letter}: read as {read} ({percent})"),
        "weights": _("What the first {count} neurons look for: blue where ink speaks for them, orange where against"),
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


def _of_drawing() -> dict[str, str]:
    return {
        "reads": _("The network reads {read} ({percent})."),
        "reads_nothing": _("Write a letter: the network on this page says what it reads."),
        "untrained": _("It knows nothing yet: press Train above, then write."),
        "own_count": _("{count} of {all} drawings are kept in this browser."),
        "forgotten": _("Your letters are forgotten."),
        "not_kept": _("This browser keeps nothing: your letters last until the page is closed."),
        "nothing_drawn": _("Nothing is written yet."),
        "sheet": _("Sheet to write {letter} on"),
        "pulled_of": _("{letter} was read as {read} ({percent}). These training pictures pulled most:"),
        "pulled_right": _("{letter} is read right ({percent}). These training pictures pull against it most:"),
        "pulled_none": _("No training picture pulls against {letter}."),
        "pulled_picture": _("{letter}, itself read as {read}"),
    }


def _of_steps() -> dict[str, str]:
    return {
        "step": _("Step {number} of {all}"),
        "no_walk": _("Write a letter above and train, if only for a moment: then its steps can be walked."),
        "neuron": _("neuron {number}"),
        "ink": _("{count} of 784 pixels are inked; their sum is {sum}."),
        "strongest": _("The strongest of {count}:"),
        "cost_is": _("C = {cost}; whoever guesses has {guess}."),
        "gradient": _(
            "The largest of the last layer: from neuron {from} to {letter}, a = {a}, δ = {delta}, so ∂C/∂w = "
            "{gradient}."
        ),
        "moved": _("w was {before} and is {after} now: −η ∂C/∂w = {change}, and L2 takes {decay}."),
        "again": _("C was {before}; it is {after} after this one step. {letter}: {was} before, {now} now."),
        "layer_errors": _("Layer {number}: length of δ {length}, mean slope {slope}."),
    }
