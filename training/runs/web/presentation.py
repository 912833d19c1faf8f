"""What a run's page shows beside its curves: speed, scores, misread pictures."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from training.jobs.models import RETRIED, CannotStartError, State
from training.runs.models import Run
from training.runs.web import confusion
from training.runs.worker import artifacts
from training.runs.worker.artifacts import Misread, MisreadPictures

RECENT = 5
"""Speed and time left follow from the mean time of this many epochs."""
MOST_WORST = 24


@dataclass(frozen=True)
class Speed:
    """How fast a run goes.

    Attributes:
        images: training images a second; None before the first epoch.
        seconds_left: until its last epoch; None when it is not running.

    """

    images: float | None
    seconds_left: float | None


def speed(run: Run) -> Speed:
    """Speed over the last few epochs."""
    recent = list(run.rows.order_by("-epoch").values_list("seconds", flat=True)[:RECENT])
    if not recent or not sum(recent):
        return Speed(None, None)
    mean = sum(recent) / len(recent)
    left = (run.epochs - run.epoch) * mean if run.state == State.RUNNING else None
    return Speed((run.recipe.epoch_samples or run.training_images) / mean, left)


def why_not_again(run: Run) -> str:
    """Why a run that has ended cannot be tried again, in a sentence; empty where nothing is known against it."""
    if run.state in RETRIED:
        try:
            run.check_can_start()
        except CannotStartError as error:
            return str(error)
    return ""


def results(run: Run) -> dict[str, Any]:
    """What a page shows once the run has ended well: figures on each data set, matrix, mistakes."""
    counts = run.confusion()
    sources = list(run.sources.select_related("dataset"))
    shown: dict[str, Any] = {
        "sources": sources,
        "all_count_in_metrics": all(source.counts_in_metrics for source in sources),
    }
    if counts is not None:
        shown |= {
            "matrix": confusion.matrix(run.letters, counts),
            "mistakes": confusion.mistakes(run.letters, counts),
            "by_letter": confusion.letter_scores(run.letters, counts),
            "worst": worst(run),
            "has_weights": artifacts.file_of(run.pk, artifacts.WEIGHTS).exists(),
        }
    return shown


def worst(run: Run) -> dict[str, Any] | None:
    """The surest mistakes, for a page; None where the run left no pictures."""
    misread = artifacts.read(run)
    return None if misread is None else shown_pictures(run, misread, misread.placed()[:MOST_WORST])


def shown_pictures(run: Run, misread: MisreadPictures, placed: Sequence[tuple[Misread, int, int]]) -> dict[str, Any]:
    """Some misread pictures as a page shows them: letters, probabilities, and the square of the picture file."""
    letters = run.letters
    shown = [
        asdict(item) | {"written": letters[item.written], "read": letters[item.read], "left": left, "top": top}
        for item, left, top in placed
    ]
    size = {"width": misread.width, "height": misread.height, "side": artifacts.SIDE}
    return {**size, "total": misread.total, "pictures": shown}
