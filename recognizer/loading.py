"""Networks from model files: a stored model's, or one that comes with the project."""

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import DatabaseError

from recognizer.core import ink, model_file
from recognizer.core.doubt import Doubt
from recognizer.core.model_file import ModelCard, ModelFileError
from recognizer.core.precision import AnyNetwork
from recognizer.filestore import places
from recognizer.filestore.objects import has_store
from recognizer.messages import gettext as _
from recognizer.models import StoredModel

PRETRAINED = Path(__file__).parent / "pretrained"
SHIPPED_DEFAULT = "best"
LARGEST = float(np.finfo(np.float32).max) / 4
"""Of the bound of a network's neurons: the softmax then takes differences that float32 can hold."""


class CatalogueError(ValueError):
    """A request to the catalogue that cannot be fulfilled; the message is a sentence for the person who asked."""


@dataclass(frozen=True)
class LoadedModel:
    """A network ready to read with, and what is known of it.

    `pk` is None for one that is in no database, `sha256`, of the file, empty for one that was read from no file.
    """

    network: AnyNetwork
    card: ModelCard
    ink: ink.InkSpecification
    name: str
    pk: int | None = None
    sha256: str = ""

    @property
    def letters(self) -> str:
        """The letters in the order of the outputs."""
        return self.card.letters

    @cached_property
    def doubt(self) -> Doubt:
        """How far its answers are to be believed."""
        return self.card.doubt()


def folder() -> Path:
    """Where the model files are."""
    path: Path = settings.PROPIS_VAR / "models"
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(model: StoredModel) -> Path:
    """Where a stored model's file is, or would be."""
    return folder() / f"{model.file_sha256}.npz"


def file_of(model: StoredModel) -> Path:
    """A stored model's file, brought here where only the store has it. Raises StoreAwayError."""
    return places.here(path_of(model))


def load_stored(model: StoredModel) -> LoadedModel:
    """Load a stored model from its file.

    Raises:
        CatalogueError: the file is missing, damaged, or not the one that was stored; or its weights are so large that
            some drawing's answer would overflow.

    """
    try:
        data = file_of(model).read_bytes()
        if hashlib.sha256(data).hexdigest() != model.file_sha256:
            raise ModelFileError(_("its bytes have changed since it was stored"))
        content = model_file.read(data)
        specification = ink.specification(content.card.ink_specification)
    except (OSError, ModelFileError, ink.InkError) as error:
        raise CatalogueError(
            _("The file of model “%(name)s” cannot be used: %(why)s") % {"name": model.name, "why": error}
        ) from error
    if content.network.bound() > LARGEST:
        raise no_probability(model.name)
    return LoadedModel(content.network, content.card, specification, model.name, model.pk, model.file_sha256)


def no_probability(name: str) -> CatalogueError:
    """Make the error that says that a model's answer is not what an answer must be."""
    return CatalogueError(
        _("“%(name)s” does not answer with probabilities: its weights are too large or damaged.") % {"name": name}
    )


def shipped_names() -> list[str]:
    """Names of the models that come with the project."""
    return sorted(path.stem for path in PRETRAINED.glob("*.npz"))


@lru_cache(maxsize=8)
def shipped(name: str = SHIPPED_DEFAULT) -> LoadedModel:
    """Load a model that comes with the project; needs no database.

    Raises:
        CatalogueError: none has that name.

    """
    path = PRETRAINED / f"{name}.npz"
    if name not in shipped_names():
        raise CatalogueError(
            _("No shipped model is named “%(name)s”; there are: %(names)s.")
            % {"name": name, "names": ", ".join(shipped_names())}
        )
    content = model_file.read(path)
    specification = ink.specification(content.card.ink_specification)
    return LoadedModel(content.network, content.card, specification, name, sha256=content.sha256)


def file_named(sha256: str) -> Path | None:
    """The file of a model in the catalogue, or of a shipped one, by the file's SHA-256; None where there is none."""
    stored = folder() / f"{sha256}.npz"
    if len(sha256) == 64 and sha256.isalnum() and (stored.exists() or _is_elsewhere(sha256)):
        return places.here(stored)
    return next((PRETRAINED / f"{name}.npz" for name in shipped_names() if shipped(name).sha256 == sha256), None)


def _is_elsewhere(sha256: str) -> bool:
    """Whether a store has the file: who asks with a name that is none asks the database only."""
    return has_store() and StoredModel.objects.filter(file_sha256=sha256).exists()


def find(name: str) -> LoadedModel:
    """Load a model by its name in the catalogue, or by a shipped one's name where there is no catalogue.

    Raises:
        CatalogueError: none has that name, or its file cannot be used.

    """
    try:
        stored = StoredModel.objects.filter(name=name).first()
    except DatabaseError:  # no database yet: the shipped models still serve
        stored = None
    return load_stored(stored) if stored is not None else shipped(name)
