"""Training of an experiment beyond the thesis: row by row in this process, each result kept as it comes."""

import dataclasses
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from recognizer.core.files import replacing
from recognizer.core.ink import specification
from training.core.evaluation import evaluate
from training.core.hyperparameters import Hyperparameters
from training.core.samples import Samples
from training.core.state import TrainingState
from training.core.trainer import DivergedError, train
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.runs.worker.samples import load_split
from training.study.beyond.data_changes import fewer, mislabelled
from training.study.beyond.experiments import BeyondExperiment, BeyondRow, BeyondScale, rows_of

Figures = Mapping[str, Any]
OnRow = Callable[[str, Figures], None]
CONFUSIONS = 10
"""Pairs of letters that are kept of each network, the commonest."""


@dataclasses.dataclass(frozen=True)
class BeyondStudy:
    """Where and how much is trained.

    Attributes:
        dataset: with the thesis's split; its validation split is scored.
        scale_name, scale: how much.
        screen: a data set of letters that were drawn otherwise, whose test split is scored too; or None.

    """

    dataset: Dataset
    scale_name: str
    scale: BeyondScale
    screen: Dataset | None = None

    def run(self, experiment: BeyondExperiment, path: Path, on_row: OnRow) -> Figures:
        """Train what `path` does not have yet; it is written again after each row, so that a stop loses one at most."""
        known = self._known(path)
        rows: list[Figures] = []
        for row in rows_of(experiment, self.scale):
            recipe = experiment.hyperparameters(row, self.scale)
            found = known.get(row.label)
            if found is None or found["recipe"] != recipe.as_dict():
                found = self._trained(row, recipe)
                on_row(row.label, found)
            rows.append(found)
            self._write(path, experiment, rows)
        return self._figures(experiment, rows)

    def _known(self, path: Path) -> Mapping[str, Figures]:
        found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        if (found.get("scale"), found.get("images")) != (self.scale_name, self._images()):
            return {}
        return {row["row"]: row for row in found["rows"]}

    def _write(self, path: Path, experiment: BeyondExperiment, rows: list[Figures]) -> None:
        text = json.dumps(self._figures(experiment, rows), ensure_ascii=False, indent=1)
        with replacing(path) as file:
            file.write(f"{text}\n".encode())

    def _figures(self, experiment: BeyondExperiment, rows: list[Figures]) -> Figures:
        command = f"python manage.py study_beyond {experiment.name} --scale {self.scale_name}"
        return {
            "experiment": experiment.name,
            "command": command,
            "scale": self.scale_name,
            **dataclasses.asdict(self.scale),
            "dataset": self.dataset.name,
            "images": self._images(),
            "rows": rows,
        }

    def _images(self) -> dict[str, int]:
        return {split.key: self.dataset.size(split) for split in (Split.TRAIN, Split.VALIDATION)}

    def _trained(self, row: BeyondRow, recipe: Hyperparameters) -> Figures:
        """The figures of one training."""
        ink, classes = specification(recipe.ink_specification), len(self.dataset.letters)
        limit = row.per_letter or self.scale.per_letter
        training = fewer(load_split(self.dataset, Split.TRAIN, ink.pictures.name), limit, recipe.seed)
        training = mislabelled(training, row.wrong_labels, recipe.seed, classes=classes)
        validation = load_split(self.dataset, Split.VALIDATION, ink.name)
        state = TrainingState.begin(recipe, n_inputs=ink.length, n_classes=classes)
        curve, seconds, diverged = [], [], None
        began = time.process_time()  # not the clock: what else the machine does must not tell rows apart
        try:
            for metrics in train(state, training, validation):
                curve.append(round(metrics.validation_accuracy, 5))
                seconds.append(round(time.process_time() - began, 3))
                began = time.process_time()
        except DivergedError as error:
            diverged = error.epoch
        figures = {"row": row.label, "recipe": recipe.as_dict(), "pictures": len(training), "curve": curve}
        figures |= {"seconds": seconds, "diverged_epoch": diverged, "best": max(curve, default=None)}
        return {**figures, **self._scored(state, validation, ink.name)} if curve else figures

    def _scored(self, state: TrainingState, validation: Samples, ink: str) -> Figures:
        """What the network confuses most, and how it reads the other letters."""
        network = state.network()
        wrong = evaluate(network, validation.inputs, validation.labels).confusion.copy()
        np.fill_diagonal(wrong, 0)
        letters = self.dataset.letters
        commonest = np.argsort(wrong, axis=None)[::-1][:CONFUSIONS].tolist()
        pairs = [divmod(place, len(letters)) for place in commonest]
        figures: dict[str, Any] = {"parameters": network.parameter_count}
        figures["confusions"] = [[letters[true], letters[read], int(wrong[true, read])] for true, read in pairs]
        if self.screen is not None and self.screen.letters == letters:
            other = load_split(self.screen, Split.TEST, ink)
            figures["screen"] = evaluate(network, other.inputs, other.labels).accuracy
        return figures
