"""What the study's page and its report show: chapters with experiments, figures, the devices' tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.core.hyperparameters import FIELDS, Field
from training.datasets.models import Dataset
from training.devices.models import Device
from training.devices.web import tables
from training.runs.web import hyperparameter_text
from training.study import story, weighted_sums
from training.study.beyond import stored
from training.study.chapters import CHAPTERS, Chapter
from training.study.errata import SLIPS
from training.study.experiments import EXPERIMENTS, ThesisExperiment
from training.study.explanations import explained
from training.study.illustrations import layers, letters
from training.study.illustrations.flow_charts import PREPARATION, PROGRAM
from training.study.reporting import ExperimentFigures
from training.study.results import study_dataset
from training.study.web import again, beyond_charts, charts, descent

DEVICES_SHOWN = 5
"""Of ours, beside the five of the thesis: those that were seen last. The page of devices has more."""
SHARED = (
    "ink_specification",
    "hidden_layers",
    "activation",
    "output",
    "cost",
    "output_error",
    "initializer",
    "optimizer",
    "learning_rate",
    "batch_size",
    "l2",
    "early_stopping",
)
"""What an experiment fixes, as far as it does not vary it."""
CHOICES = {
    "raw-28": gettext_lazy("28 × 28 pixels"),
    "cross-entropy": gettext_lazy("cross-entropy"),
    "quadratic": gettext_lazy("quadratic"),
    "exact": gettext_lazy("exact"),
    "elementwise": gettext_lazy("elementwise, (1.17)"),
    "normal": gettext_lazy("from N(0, 1)"),
    "scaled-normal": gettext_lazy("from N(0, 1), divided by √n"),
    "sgd": gettext_lazy("plain steps"),
}
"""The values of the thesis's recipes that are words; what is not here has one name in all languages."""


@dataclass(frozen=True)
class ShownExperiment:
    """An experiment as the page shows it.

    Attributes:
        result: its figures.
        rows: its rows, each with the address of the form that runs it again.
        timed: whether its rows say how long they took.
        curves: whether there are any.
        table: the curves as a table.
        recipe: what all rows share.
        explanations: of each row that is worse, what was tried to explain it.

    """

    result: ExperimentFigures
    rows: Sequence[Mapping[str, Any]]
    timed: bool
    curves: bool
    table: tuple[list[str], list[tuple[int, list[float | None]]]]
    recipe: Sequence[tuple[Field, str]]
    explanations: Sequence[tuple[str, Sequence[str]]]

    @property
    def missing(self) -> int:
        """How many rows have no figure of ours."""
        return sum(row["monitored"] is None for row in self.rows)


@dataclass(frozen=True)
class ShownChapter:
    """A chapter with what is known of its experiments."""

    chapter: Chapter
    experiments: Sequence[ShownExperiment]


def study(found: Sequence[ExperimentFigures], asked: Mapping[str, str]) -> dict[str, Any]:
    """The whole of it; `asked` may name the start and the learning rate of the descent."""
    by_name = {each["experiment"]: each for each in found}
    points, dataset, beyond = story.points(found), study_dataset(), stored.measured()
    figures = charts.page_charts(found, points)
    figures["charts"] |= {f"beyond-{each.name}": beyond_charts.chart(each, rows) for each, rows in beyond}
    return {
        "chapters": [
            ShownChapter(chapter, [shown(by_name[name], found, dataset) for name in chapter.experiments])
            for chapter in CHAPTERS
        ],
        "story": points,
        "slips": SLIPS,
        "figures": figures,
        "answers": [(each, each.accuracies()) for each in stored.ANSWERS],
        "beyond": beyond,
        "sums": [(name, deviation, charts.sums_table(name)) for name, deviation in weighted_sums.DEVIATIONS.items()],
        "sigmoid": charts.sigmoid_points(),
        **illustrations(dataset or Dataset.objects.order_by("-pk").first(), asked),
        **devices(),
    }


def shown(
    result: ExperimentFigures, everything: Sequence[ExperimentFigures], dataset: Dataset | None
) -> ShownExperiment:
    """One experiment; `everything` has the rows that explain its own."""
    experiment = EXPERIMENTS[result["experiment"]]
    rows = [
        {**row, "again": again.address(again.recipe_of(experiment, each, dataset), dataset)}
        for row, each in zip(result["rows"], experiment.rows, strict=True)
    ]
    return ShownExperiment(
        result,
        rows,
        experiment.timed,
        charts.has_curves(result),
        charts.curves_table(result),
        shared_recipe(experiment),
        explained(result, everything),
    )


def shared_recipe(experiment: ThesisExperiment) -> list[tuple[Field, str]]:
    """What all rows share, in words."""
    varied = {name for row in experiment.rows for name in row.values}
    values = experiment.recipe.as_dict()
    return [(FIELDS[name], _in_words(name, values[name])) for name in SHARED if name not in varied]


def _in_words(name: str, value: Any) -> str:
    if name == "early_stopping" and not value:
        return _("off")
    if isinstance(value, str) and value in CHOICES:
        return str(CHOICES[value])
    return hyperparameter_text.shown(value)


def illustrations(dataset: Dataset | None, asked: Mapping[str, str]) -> dict[str, Any]:
    """Figures 1 to 9 and 32."""
    examples = () if dataset is None else letters.examples(dataset)
    return {
        "network": layers.drawn((6, 5, 4, 5)),
        "first_weights": layers.drawn((12, 5), first_only=True),
        "descent": descent.figure(asked),
        "dataset": dataset,
        "letters": examples,
        "last_letter": examples[-1] if examples else None,
        "flows": [
            (_("Figure 8: how the data are prepared"), PREPARATION),
            (_("Figure 9: how the program learns"), PROGRAM),
        ],
    }


def devices() -> dict[str, Any]:
    """Tables 4 to 6: the thesis's devices and ours."""
    recent = sorted(Device.objects.order_by("-seen_at", "-pk")[:DEVICES_SHOWN], key=lambda each: (each.name, each.pk))
    columns, lines = tables.columns(recent), tables.lines(tables.newest(recent))
    return {
        "columns": columns,
        "groups": tables.sheet_rows([column.sheet for column in columns]),
        "fp32_lines": [line for line in lines if line.precision == "fp32"],
        "fp16_lines": [line for line in lines if line.precision != "fp32"],
    }
