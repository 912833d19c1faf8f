"""What the commands share: a progress bar on standard error, where that is a terminal, and what came of an import."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from training.datasets.inspecting import Finding
from training.datasets.models import Dataset
from training.datasets.splitting import Split


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how much is done, and of how much."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def seed_argument(text: str) -> int:
    """Read a seed: a whole number of at most 63 bits, as the database holds it."""
    number = int(text)
    if not 0 <= number < 2**63:
        raise ValueError(text)
    return number


def figures_of(dataset: Dataset) -> dict[str, Any]:
    """What an import came to, as the commands print it with --json."""
    copied = (
        "letters",
        "set_aside",
        "skipped",
        "skipped_by_reason",
        "duplicates_dropped",
        "published_split",
        "writers",
        "different",
        "seconds",
    )
    return {
        "dataset": dataset.name,
        "id": dataset.pk,
        "pictures": dataset.pictures,
        **{split.key: dataset.size(split) for split in Split},
        **{key: dataset.report[key] for key in copied},
        "content_sha256": dataset.content_sha256,
    }


def in_words(figures: dict[str, Any]) -> str:
    """The same as a sentence."""
    return (
        f"Data set “{figures['dataset']}”: {figures['pictures']:,} pictures (train {figures['train']:,}, "
        f"validation {figures['validation']:,}, test {figures['test']:,}) of {figures['letters']:,} letters found; "
        f"{figures['set_aside']:,} others set aside, {figures['skipped']:,} skipped, "
        f"{figures['duplicates_dropped']:,} copies dropped; {figures['seconds']:.1f} s."
    )


def finding_in_words(found: Finding) -> str:
    """What was found in an archive, a line for each thing."""
    counts = ", ".join(f"{letter} {count:,}" for letter, count in found.counts.items())
    lines = [
        f"{found.archive}: layout “{found.layout}”, {found.pictures:,} pictures of {len(found.letters)} letters",
        f"  letters: {counts}",
        "  class sets: " + ", ".join(f"{key} {count:,} pictures" for key, count in found.class_sets.items()),
    ]
    if found.columns is not None:
        others = ", ".join(offer.column for offer in found.offered if offer.column != found.columns.labels)
        lines.append(f"  column of letters: {found.columns.labels}" + (f" (could also be: {others})" if others else ""))
    parts = ", ".join(f"{part} {count:,}" for part, count in found.parts.items())
    lines.append(f"  parts: the publisher's own, {parts}" if parts else "  parts: none yet, they will be drawn")
    if found.writers:
        lines.append(f"  writers: {found.writers:,}")
    if found.set_aside:
        labels = ", ".join(f"{label or '—'} {count:,}" for label, count in found.set_aside_by_label.items())
        lines.append(f"  set aside: {found.set_aside:,} pictures with other labels ({labels})")
    if found.faults:
        name, reason = found.first_faults[0]
        lines.append(f"  does not fit: {found.faults:,}, the first is {name}: {reason}")
    if found.known_as:
        lines.append(f"  imported before, as “{found.known_as}”")
    return "\n".join(lines)


def agreed(question: str) -> bool:
    """Ask on the terminal; only y, yes, or nothing but Enter mean yes."""
    sys.stderr.write(f"{question} [Y/n] ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.endswith("\n") and line.strip().lower() in ("", "y", "yes", "д", "да")
