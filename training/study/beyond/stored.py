"""What other reports of the product already answer of the questions beyond the thesis: cells of docs/figures, read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from training.study.beyond.experiments import BEYOND, BeyondExperiment
from training.study.results import published_file


@dataclass(frozen=True)
class StoredAnswer:
    """A row of a report.

    Attributes:
        question: that it belongs to.
        label: what was trained.
        report: in docs/figures.
        row: its name there.
        columns: those of Cyrillic-MNIST and of CoMNIST.

    """

    question: Any
    label: Any
    report: str
    row: str
    columns: tuple[str, str]

    def accuracies(self) -> list[float | None]:
        """In per cent, on either data set; the mean over seeds where the report has one."""
        cells = _row(self.report, self.row)
        return [_number(cells.get(column)) for column in self.columns]


_VALIDATION = ("Cyrillic-MNIST validation", "CoMNIST validation")
_TEST = ("Cyrillic-MNIST test", "CoMNIST test")
_LOST = ("cmnist, % (lost)", "comnist, % (lost)")
_PARTS, _SCREEN, _BITS = _("Parts of today's recipe"), _("From paper to the screen"), _("Two bits for a weight")
ANSWERS = (
    StoredAnswer(_PARTS, _("the recipe: AdamW, augmentation, directions"), "ablation", "standard", _VALIDATION),
    StoredAnswer(_PARTS, _("plain steps in place of AdamW"), "ablation", "sgd", _VALIDATION),
    StoredAnswer(_PARTS, _("no augmentation"), "ablation", "no augmentation", _VALIDATION),
    StoredAnswer(_PARTS, _("the thesis's pixels in place of directions"), "ablation", "ink raw-28", _VALIDATION),
    StoredAnswer(_PARTS, _("twice as wide"), "ablation", "twice as wide", _VALIDATION),
    StoredAnswer(_SCREEN, _("the thesis's recipe, trained on paper"), "accuracy-thesis", "thesis-relu-tuned", _TEST),
    StoredAnswer(_SCREEN, _("directions, trained on paper"), "accuracy", "standard-alone", _TEST),
    StoredAnswer(_SCREEN, _("directions, trained on both"), "accuracy", "standard", _TEST),
    StoredAnswer(_BITS, _("a small network, rounded after training"), "precisions", "tiny int2, calibrated", _LOST),
    StoredAnswer(_BITS, _("the small one, trained in whole numbers"), "sizes", "tiny int2", _TEST),
    StoredAnswer(_BITS, _("a larger one, rounded after training"), "precisions", "small int2, calibrated", _LOST),
    StoredAnswer(_BITS, _("the larger one, trained in whole numbers"), "sizes", "small int2", _TEST),
)


def _row(report: str, name: str) -> Mapping[str, Any]:
    rows = [
        row
        for row in published_file(report).get("rows", ())
        if name in (row.get("row"), row.get("recipe"), row.get("model"))
    ]
    means = [row for row in rows if row.get("seed") == "mean"]
    found: Mapping[str, Any] = (means or rows or [{}])[0]
    return found


def _number(cell: str | None) -> float | None:
    return float(cell.split()[0]) if cell else None


def measured() -> list[tuple[BeyondExperiment, Mapping[str, Any]]]:
    """The experiments that have figures, with them."""
    found = [(each, published_file(f"beyond-{name}")) for name, each in BEYOND.items()]
    return [(each, figures) for each, figures in found if figures.get("rows")]
