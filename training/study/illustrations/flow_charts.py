"""Figures 8 and 9: how the data are prepared and how the program learns, each step with the code that does it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FlowStep:
    """A box.

    Attributes:
        text: what happens.
        code: the dotted name of what does it here.
        repeated: the steps of a loop, whose head the box is.

    """

    text: Any
    code: str
    repeated: "tuple[FlowStep, ...]" = ()


PREPARATION = (
    FlowStep(_("An archive of pictures"), "training.datasets.imports.pipeline.import_archive"),
    FlowStep(_("Find how pictures and letters lie in it"), "training.datasets.layouts.find_plan"),
    FlowStep(
        _("For each picture"),
        "training.datasets.imports.reading",
        (
            FlowStep(_("Decode it; leave it out if it is damaged"), "recognizer.pictures.decode"),
            FlowStep(_("Number its letter, А = 0 … Я = 32"), "training.datasets.content.labels.LabelReader.read"),
            FlowStep(_("Make 784 greys of it"), "recognizer.core.ink.specifications.Raw28"),
        ),
    ),
    FlowStep(_("Shuffle, and split letter by letter"), "training.datasets.content.splitting.assign"),
    FlowStep(_("No copy in two splits"), "training.datasets.storage.duplicates.crosses_splits"),
    FlowStep(_("Write a file for each split"), "training.datasets.storage.input_files.write"),
)
PROGRAM = (
    FlowStep(_("Draw weights and biases at random"), "training.core.initializers.initialize"),
    FlowStep(
        _("For each epoch"),
        "training.core.trainer.train",
        (
            FlowStep(_("Shuffle the training set"), "training.core.samples.TrainingSet.order"),
            FlowStep(
                _("For each mini-batch"),
                "training.core.loop.Loop.epoch",
                (
                    FlowStep(_("Forward: the outputs"), "training.core.backpropagation.Backpropagation.forward"),
                    FlowStep(
                        _("Backward: the error and its gradients"),
                        "training.core.backpropagation.Backpropagation.backward",
                    ),
                    FlowStep(_("Move weights and biases"), "training.core.optimization.optimizers.FusedDescent.apply"),
                ),
            ),
            FlowStep(_("Score what was not trained on"), "training.core.evaluation.cost_and_accuracy"),
        ),
    ),
    FlowStep(_("Save layer sizes, weights and biases"), "recognizer.core.model_file.write"),
)
