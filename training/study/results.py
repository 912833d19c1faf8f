"""The figures of the study: trained here, and where a row was not, those that were published with the product.

Published figures lie in docs/figures/study-EXPERIMENT.json, as `manage.py study --save` wrote them.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects

from training.datasets.models import Dataset
from training.study import services, thesis_split
from training.study.experiments import EXPERIMENTS, ThesisExperiment
from training.study.reporting import ExperimentFigures, completed, ended_runs, figures, judged, thesis_figures
from training.study.services import FULL


def study_dataset() -> Dataset | None:
    """The data set with the thesis's split that was trained on last; None if there is none."""
    return Dataset.objects.filter(study_runs__isnull=False, seed=thesis_split.SEED).order_by("-pk").first()


def results() -> list[ExperimentFigures]:
    """Every experiment at full scale with verdicts, in the order of the thesis."""
    return with_published(EXPERIMENTS.values(), study_dataset())


def with_published(experiments: Iterable[ThesisExperiment], dataset: Dataset | None) -> list[ExperimentFigures]:
    """What was trained here of a data set at full scale, completed by what was published."""
    if dataset is None:
        return judged([published(each) for each in experiments])
    made = services.runs_by_recipe(dataset)
    prefetch_related_objects([each.run for each in made.values()], "rows")  # all curves by one query
    return judged([completed(figures(each, FULL, dataset, made), published(each)) for each in experiments])


def published(experiment: ThesisExperiment) -> ExperimentFigures:
    """The published figures of an experiment at full scale, as far as there are any, in today's rows."""
    found = published_file(f"study-{experiment.name}")
    if found.get("scale") != FULL:
        found = {"epochs": experiment.epochs, "dataset": "", "images": {"validation": 0}, "rows": ()}
    length = {"epochs": found["epochs"]}  # of rows that were stored without their recipe
    rows = {row["row"]: {**row, "recipe": {**length, **row.get("recipe", {})}} for row in found["rows"]}
    return {
        **found,
        "experiment": experiment.name,
        "source": experiment.source,
        "note": experiment.note,
        "rows": [
            {
                "monitored": None,
                "runs": (),
                "recipe": length,
                **rows.get(row.label, {}),
                **thesis_figures(experiment, row),
            }
            for row in experiment.rows
        ],
    }


def published_runs(experiment: ThesisExperiment) -> services.KnownRuns:
    """Best monitored accuracy of the published runs of an experiment that were as long as ours."""
    known = {
        (row["row"], run["seed"]): run["best_monitored"]
        for row in published(experiment)["rows"]
        if row["recipe"]["epochs"] == experiment.epochs
        for run in ended_runs(row)
    }
    return {key: accuracy for key, accuracy in known.items() if accuracy is not None}


def published_file(name: str) -> Mapping[str, Any]:
    """What a file of docs/figures holds, read again only once it has changed; nothing if it is not there."""
    path = settings.BASE_DIR / "docs" / "figures" / f"{name}.json"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=4 * len(EXPERIMENTS))
def _read(path: Path, _changed: int) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
