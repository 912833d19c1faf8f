"""Networks from model files: a stored model's, or one that comes with the project."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from recognizer.core import ink, model_file
from recognizer.core.model_file import ModelCard, ModelFileError
from recognizer.core.network import Network
from recognizer.models import StoredModel

PRETRAINED = Path(__file__).parent / "pretrained"
SHIPPED_DEFAULT = "best"


class CatalogError(ValueError):
    """What was asked of the catalogue cannot be done; the message is a sentence for the person who asked."""


@dataclass(frozen=True)
class LoadedModel:
    """A network ready to read with, and what is known of it. `pk` is None for one that is in no database."""

    network: Network
    card: ModelCard
    ink: ink.InkSpecification
    name: str
    pk: int | None = None

    @property
    def letters(self) -> str:
        """The letters in the order of the outputs."""
        return self.card.letters


def folder() -> Path:
    """Where the model files are."""
    path: Path = settings.PROPIS_VAR / "models"
    path.mkdir(parents=True, exist_ok=True)
    return path


def file_of(model: StoredModel) -> Path:
    """A stored model's file."""
    return folder() / f"{model.file_sha256}.npz"


def load_stored(model: StoredModel) -> LoadedModel:
    """Load a stored model from its file.

    Raises:
        CatalogError: the file is missing, damaged, or not the one that was stored.

    """
    try:
        data = file_of(model).read_bytes()
        if hashlib.sha256(data).hexdigest() != model.file_sha256:
            raise ModelFileError(_("its bytes have changed since it was stored"))
        content = model_file.read(data)
        return LoadedModel(
            content.network, content.card, ink.specification(content.card.ink_specification), model.name, model.pk
        )
    except (OSError, ModelFileError, ink.InkError) as error:
        raise CatalogError(
            _("The file of model “%(name)s” cannot be used: %(why)s") % {"name": model.name, "why": error}
        ) from error


def shipped_names() -> list[str]:
    """Names of the models that come with the project."""
    return sorted(path.stem for path in PRETRAINED.glob("*.npz"))


@lru_cache(maxsize=4)
def shipped(name: str = SHIPPED_DEFAULT) -> LoadedModel:
    """Load a model that comes with the project; needs no database.

    Raises:
        CatalogError: none has that name.

    """
    path = PRETRAINED / f"{name}.npz"
    if name not in shipped_names():
        raise CatalogError(
            _("No shipped model is named “%(name)s”; there are: %(names)s.")
            % {"name": name, "names": ", ".join(shipped_names())}
        )
    content = model_file.read(path)
    return LoadedModel(content.network, content.card, ink.specification(content.card.ink_specification), name)
