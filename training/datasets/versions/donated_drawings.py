"""Drawings that people gave and an administrator accepted, added to a new version of a data set."""

from recognizer.messages import gettext as _
from recognizer.models import Drawing, Review
from recognizer.stroke_pictures import to_png
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.versions.additions import Addition

SOURCE = "drawings given on the draw page"


def to_add(parent: Dataset) -> list[Drawing]:
    """Return the accepted drawings of letters that a data set knows and that neither it nor its ancestors have.

    Raises:
        DatasetError: there is none.

    """
    family = {parent.name, *(str(step["parent"]) for step in parent.lineage)}
    accepted = Drawing.objects.filter(state=Review.ACCEPTED, letter__in=list(parent.letters)).order_by("pk")
    found = [drawing for drawing in accepted if not family & set(drawing.versions)]
    if not found:
        why = _("There is no accepted drawing that “%(name)s” does not already have.")
        raise DatasetError(why % {"name": parent.name})
    return found


def additions(drawings: list[Drawing]) -> list[Addition]:
    """Make pictures of drawings."""
    return [
        Addition(to_png(drawing.strokes), drawing.letter, f"drawing-{drawing.pk}.png", SOURCE) for drawing in drawings
    ]


def note_version(drawings: list[Drawing], name: str) -> None:
    """Write down with each drawing that a version has a copy of it; those deleted meanwhile stay deleted."""
    for drawing in drawings:
        Drawing.objects.filter(pk=drawing.pk).update(versions=[*drawing.versions, name])
