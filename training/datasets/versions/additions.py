"""Pictures that others give to a new version of a data set: checked, hashed, made into inputs, their bytes kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer import pictures
from recognizer.core.ink import specification
from recognizer.messages import gettext as _
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.storage.picture_files import Index, PictureWriter, digest
from training.datasets.storage.publish import STANDING_INK

FOLDER = "added"
"""Names of additions begin with it, so that none is a name of the archive's."""


@dataclass(frozen=True)
class Addition:
    """One picture.

    Attributes:
        data: the bytes of a picture file.
        letter: what it shows, of the data set's letters.
        name: by which it is known where it comes from.
        source: where it comes from, a few words; the lineage counts by it.

    """

    data: bytes
    letter: str
    name: str
    source: str


def read_additions(
    additions: Sequence[Addition], letters: str, writer: PictureWriter
) -> tuple[Index, NDArray[np.uint8]]:
    """Keep the additions' bytes; return their index, all in the training split, and their standing inputs (n, length).

    Raises:
        DatasetError: one is not a picture, shows no ink, or has a letter that the data set lacks.

    """
    inputs = np.empty((len(additions), specification(STANDING_INK).length), dtype=np.uint8)
    digests = np.empty((len(additions), 32), dtype=np.uint8)
    for number, addition in enumerate(additions):
        pixels, inputs[number] = _read(addition)
        digests[number] = np.frombuffer(digest(pixels), dtype=np.uint8)
    index = Index(
        [f"{FOLDER}/{number:06d}-{addition.name}" for number, addition in enumerate(additions)],
        np.array([_label(addition, letters) for addition in additions], dtype=np.uint8),
        np.full(len(additions), Split.TRAIN, dtype=np.uint8),
        digests,
        np.array([writer.add(addition.data) for addition in additions], dtype=np.int64),
        np.array([len(addition.data) for addition in additions], dtype=np.int64),
    )
    return index, inputs


def _read(addition: Addition) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Pixels and input of one addition."""
    try:
        pixels = pictures.decode(addition.data)
    except pictures.PictureError as error:
        raise _refused(addition, str(error)) from error
    inputs, has_ink = specification(STANDING_INK).from_pictures([pixels])
    if not has_ink[0]:
        raise _refused(addition, _("no ink on it"))
    return pixels, inputs[0]


def _label(addition: Addition, letters: str) -> int:
    label = letters.find(addition.letter) if len(addition.letter) == 1 else -1
    if label < 0:
        raise _refused(addition, _("the data set has no letter “%(letter)s”") % {"letter": addition.letter})
    return label


def _refused(addition: Addition, reason: str) -> DatasetError:
    words = {"name": addition.name, "reason": reason}
    if reason.endswith("."):
        return DatasetError(_("%(name)s cannot be added: %(reason)s") % words)
    return DatasetError(_("%(name)s cannot be added: %(reason)s.") % words)
