"""Reports for people and programs."""

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness import BenchmarkReport

FIGURES = Path(__file__).resolve().parent.parent / "docs" / "figures"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, its columns aligned for the terminal."""
    widths = [max(len(row[place]) for row in [columns, *rows]) for place in range(len(columns))]
    lines = [columns, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def markdown(report: BenchmarkReport) -> str:
    """A report as a page."""
    machine = "\n".join(f"- {name}: {value}" for name, value in report.machine.items())
    figures = [
        (
            each.name,
            f"{each.value:.4g} {each.unit}",
            "" if each.threshold is None else f"{each.threshold:g}",
            each.verdict,
        )
        for each in report.figures
    ]
    verdicts = table(("figure", "value", "threshold", "verdict"), figures)
    parts = [f"# {report.title}", verdicts, table(report.columns, report.rows), f"Machine:\n\n{machine}"]
    return "\n\n".join(parts) + "\n"


def save(report: BenchmarkReport, folder: Path = FIGURES) -> None:
    """Write a report beside the others, as a page and as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{report.name}.md").write_text(markdown(report), encoding="utf-8")
    text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
    (folder / f"{report.name}.json").write_text(text + "\n", encoding="utf-8")
