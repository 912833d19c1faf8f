"""What `manage.py study --save` writes: figures of each experiment at full scale, or how long the quick one takes."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.study import reporting
from training.study.reporting import ExperimentFigures, ended_runs

QUICK_SECONDS = 900
"""The whole study takes less at the quick scale, on two cores."""


def save(found: Sequence[ExperimentFigures], folder: Path) -> None:
    """Write `study-EXPERIMENT.json` and the same as a table, for each experiment."""
    for each in found:
        head = f"# The study: {each['experiment']}\n\n`{each['command']} --save`\n\n"
        stored = {**each, "rows": [{**row, "runs": ended_runs(row)} for row in each["rows"]]}
        _write(folder / f"study-{each['experiment']}", stored, head + reporting.markdown(each))


def save_quick(found: Sequence[ExperimentFigures], processor_seconds: float | None, folder: Path) -> None:
    """Write `study-quick.json` and the same as a table: the experiments by their runs and seconds of training.

    Args:
        found: at the quick scale, whose accuracy says nothing and is not kept.
        processor_seconds: that all of it took, loading and scoring with it; None if it was not trained in one go.
        folder: for both files.

    """
    rows = [_timed(each) for each in found]
    stored: Mapping[str, Any] = {
        "command": "python manage.py study --scale quick --save",
        "machine": reporting.machine(),
        "epochs": found[0]["epochs"],
        "images": found[0]["images"],
        "processor_seconds": processor_seconds and round(processor_seconds, 1),
        "threshold": QUICK_SECONDS,
        "rows": rows,
    }
    lines = [f"| {row['experiment']} | {row['runs']} | {row['seconds']:.1f} |" for row in rows]
    taken = "not trained in one go" if processor_seconds is None else f"{processor_seconds:.0f} s"
    text = [
        "# The study at the quick scale: how long it takes",
        f"`{stored['command']}`",
        f"Processor time of all of it: {taken}; allowed: {QUICK_SECONDS} s. Machine: {stored['machine']}.",
        "\n".join(["| experiment | runs | seconds of training, on the clock |", "| --- | --- | --- |", *lines]),
        "Experiments that need the same recipe share its run, which is counted in each.",
    ]
    _write(folder / "study-quick", stored, "\n\n".join(text) + "\n")


def _timed(found: ExperimentFigures) -> dict[str, Any]:
    runs = [run for row in found["rows"] for run in ended_runs(row)]
    return {
        "experiment": found["experiment"],
        "runs": len(runs),
        "seconds": round(sum(run["seconds"] or 0.0 for run in runs), 1),
    }


def _write(path: Path, stored: Mapping[str, Any], text: str) -> None:
    path.with_suffix(".md").write_text(text, encoding="utf-8")
    content = json.dumps(stored, ensure_ascii=False, indent=1)
    path.with_suffix(".json").write_text(f"{content}\n", encoding="utf-8")
