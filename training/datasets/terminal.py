"""What the commands share: a progress bar on standard error, where that is a terminal, and what came of an import."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

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
