"""What the commands share: a progress bar on standard error, if that is a terminal, and the result of an import."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from training.datasets.content.encodings import ENCODINGS
from training.datasets.content.notes import read_note
from training.datasets.content.questions import ENCODING, LATIN, NUMBERS, OPTIONS, SOURCE
from training.datasets.content.splitting import Split
from training.datasets.imports.inspection import ArchiveInspection
from training.datasets.imports.report import read_reason
from training.datasets.models import Dataset
from training.jobs.terminal import progress_bar


@contextmanager
def counting_bar(words: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to call with how much is done, and of how much; nothing is shown unless on a terminal."""
    with progress_bar(words) as show:

        def count(done: int, total: int) -> None:
            show(done / total if total else 0.0, f"{done:,} of {total:,}" if total else f"{done:,}")

        yield count


def seed_argument(text: str) -> int:
    """Read a seed: a whole number of at most 63 bits, as the database holds it."""
    number = int(text)
    if not 0 <= number < 2**63:
        raise ValueError(text)
    return number


def question_arguments(parser: ArgumentParser) -> None:
    """Declare the options that answer what an archive does not tell."""
    parser.add_argument(OPTIONS[NUMBERS], choices=("0", "1"), default="", help="the number of the first letter")
    parser.add_argument(
        OPTIONS[ENCODING], choices=ENCODINGS, default="", help="encoding of names and tables that do not declare theirs"
    )
    parser.add_argument(
        OPTIONS[SOURCE],
        choices=("table", "folders"),
        default="",
        help="what says the letters if two sources differ",
    )
    parser.add_argument(
        OPTIONS[LATIN], choices=("sound", "shape"), default="", help="how folders with single Latin letters are meant"
    )


def answers_of(options: dict[str, Any]) -> dict[str, str]:
    """Return the answers that were given, by the keys of the questions."""
    return {key: options[key] for key in OPTIONS}


def figures_of(dataset: Dataset) -> dict[str, Any]:
    """The result of an import, as the commands print it with --json."""
    copied = (
        "letters",
        "set_aside",
        "skipped",
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
        "skipped_by_reason": {read_reason(why): count for why, count in dataset.report["skipped_by_reason"].items()},
        "notes": [note for stored in dataset.report.get("notes", []) if (note := read_note(stored))],
        "content_sha256": dataset.content_sha256,
    }


def in_words(figures: dict[str, Any]) -> str:
    """The same as a sentence."""
    return (
        f"Data set “{figures['dataset']}”: {figures['pictures']:,} pictures (train {figures['train']:,}, "
        f"validation {figures['validation']:,}, test {figures['test']:,}) of {figures['letters']:,} letters found; "
        f"{figures['set_aside']:,} others set aside, {figures['skipped']:,} skipped, "
        f"{figures['duplicates_dropped']:,} copies dropped; {figures['seconds']:.1f} s."
        + "".join(f"\n{note}" for note in figures["notes"])
    )


def finding_in_words(found: ArchiveInspection) -> str:
    """The inspection of an archive as text, one line a fact."""
    counts = ", ".join(f"{letter} {count:,}" for letter, count in found.counts.items())
    lines = [
        f"{found.archive}: layout “{found.layout}”, {found.pictures:,} pictures of {len(found.letters)} letters",
        f"  letters: {counts}",
        f"  found: {len(found.found_letters)} letters, the first is {found.found_letters[:1]}, the last "
        f"{found.found_letters[-1:]}; pictures of a letter: {found.least:,} to {found.most:,}",
        "  class sets: " + ", ".join(f"{key} {count:,} pictures" for key, count in found.class_sets.items()),
    ]
    lines += [f"  {note}" for note in found.notes]
    lines += [f"  not told: {question.in_words()}" for question in found.questions]
    if found.columns is not None:
        others = ", ".join(offer.column for offer in found.offered if offer.column != found.columns.labels)
        lines.append(f"  column of letters: {found.columns.labels}" + (f" (could also be: {others})" if others else ""))
    splits = ", ".join(f"{split} {count:,}" for split, count in found.splits.items())
    lines.append(f"  splits: the publisher's own, {splits}" if splits else "  splits: none yet, they will be drawn")
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
