"""Which models there are, which one is active, and their loaded networks.

The active model's id is looked at once a second at most; a network is immutable and swapped by reference, so a
switch needs no restart and no lock on the reading path. A file that fails to load leaves the old network in service.
"""

import hashlib
import logging
import os
import threading
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recognizer.core import ink, model_file
from recognizer.core.model_file import ModelCard, ModelFileError
from recognizer.core.network import Network
from recognizer.models import Activation, Source, StoredModel

logger = logging.getLogger(__name__)
PRETRAINED = Path(__file__).parent / "pretrained"
SHIPPED_DEFAULT = "standard"
LOOK_SECONDS = 1.0


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


# --- Adding ------------------------------------------------------------------------------------------------------


def add_model(network: Network, card: ModelCard, *, source: Source, parent: StoredModel | None = None) -> StoredModel:
    """Put a network in the catalogue: its file first, then its row; nothing half-made stays."""
    return add_file(model_file.to_bytes(network, card), source=source, parent=parent)


def add_file(data: bytes, *, source: Source, parent: StoredModel | None = None, name: str = "") -> StoredModel:
    """Put a model file in the catalogue.

    Raises:
        CatalogError: damaged, hostile, of an unknown ink specification, or there already.

    """
    content = check_file(data)
    path = folder() / f"{content.sha256}.npz"
    _write_atomically(path, data)
    try:
        with transaction.atomic():
            return StoredModel.objects.create(
                name=_free_name(name or content.card.name),
                source=source,
                parent=parent,
                file_bytes=len(data),
                **_columns(content),
            )
    except IntegrityError:
        raise CatalogError(_("This model is in the catalogue already.")) from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def check_file(data: bytes) -> model_file.ModelFile:
    """Read a model file that somebody brings.

    Raises:
        CatalogError: damaged, hostile, of an unknown ink specification, or in the catalogue already.

    """
    try:
        content = model_file.read(data)
        ink.specification(content.card.ink_specification)
    except (ModelFileError, ink.InkError) as error:
        raise CatalogError(str(error)) from error
    if existing := StoredModel.objects.filter(file_sha256=content.sha256).first():
        raise CatalogError(_("This model is in the catalogue already, as “%(name)s”.") % {"name": existing.name})
    return content


def _columns(content: model_file.ModelFile) -> dict[str, Any]:
    card, network = content.card, content.network
    return {
        "file_sha256": content.sha256,
        "weights_sha256": network.weights_sha256(),
        "sizes": list(network.sizes),
        "activation": network.activation,
        "ink_specification": card.ink_specification,
        "precision": card.precision,
        "parameters": network.parameter_count,
        "card": card.as_dict(),
    }


def _write_atomically(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}-{time.monotonic_ns()}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _free_name(wanted: str) -> str:
    """The name, or the name with the first number that is free."""
    base = wanted.strip()[:90] or "model"
    taken = set(StoredModel.objects.filter(name__startswith=base).values_list("name", flat=True))
    number = 2
    name = base
    while name in taken:
        name, number = f"{base} {number}", number + 1
    return name


def remove(model: StoredModel) -> None:
    """Delete a model and its file.

    Raises:
        CatalogError: it is in service.

    """
    if model.is_active:
        raise CatalogError(_("“%(name)s” is in service: put another model in service first.") % {"name": model.name})
    path = file_of(model)
    with transaction.atomic():
        model.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


# --- In service --------------------------------------------------------------------------------------------------


def activate(model: StoredModel, *, by: Any = None) -> None:
    """Put a model in service, in every process within a second or so.

    Raises:
        CatalogError: its file is missing or damaged; the old one stays in service.

    """
    load_stored(model)
    with transaction.atomic():
        StoredModel.objects.filter(is_active=True).exclude(pk=model.pk).update(is_active=False)
        StoredModel.objects.filter(pk=model.pk).update(is_active=True)
        Activation.objects.create(
            model=model, by=by if by is not None and by.is_authenticated else None, at=timezone.now()
        )
    model.is_active = True
    _current.forget()


def roll_back(*, by: Any = None) -> StoredModel:
    """Put the model back in service that was there before the present one.

    Raises:
        CatalogError: there was none.

    """
    active = StoredModel.objects.filter(is_active=True).first()
    earlier = Activation.objects.exclude(model=active).select_related("model").first()
    if earlier is None:
        raise CatalogError(_("No other model was in service before."))
    activate(earlier.model, by=by)
    return earlier.model


class _Current:
    """The active model of this process."""

    def __init__(self) -> None:
        self._loaded: LoadedModel | None = None
        self._looked_at = float("-inf")
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Look at the database at the next reading."""
        self._looked_at = float("-inf")

    def get(self) -> LoadedModel:
        loaded = self._loaded
        if loaded is not None and time.monotonic() - self._looked_at < LOOK_SECONDS:
            return loaded
        with self._lock:
            self._looked_at = time.monotonic()
            self._loaded = self._look(self._loaded)
            return self._loaded

    @staticmethod
    def _look(loaded: LoadedModel | None) -> LoadedModel:
        active = StoredModel.objects.filter(is_active=True).first()
        if active is None:
            return shipped()
        if loaded is not None and loaded.pk == active.pk:
            return replace(loaded, name=active.name)
        try:
            return load_stored(active)
        except CatalogError:
            logger.exception("the active model cannot be loaded; the one before stays")
            return loaded if loaded is not None else shipped()


_current = _Current()


def active() -> LoadedModel:
    """The model in service; the shipped one where none was chosen."""
    return _current.get()


# --- Loading -----------------------------------------------------------------------------------------------------


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


def find(name: str) -> LoadedModel:
    """Load a model by its name in the catalogue, or by a shipped one's name where there is no catalogue.

    Raises:
        CatalogError: none has that name.

    """
    try:
        stored = StoredModel.objects.filter(name=name).first()
    except DatabaseError:  # no database yet: the shipped models still serve
        stored = None
    return load_stored(stored) if stored is not None else shipped(name)


def add_shipped() -> list[StoredModel]:
    """Put the shipped models in the catalogue where they are not there yet; the first start puts one in service."""
    added = []
    for name in shipped_names():
        data = (PRETRAINED / f"{name}.npz").read_bytes()
        if not StoredModel.objects.filter(file_sha256=hashlib.sha256(data).hexdigest()).exists():
            added.append(add_file(data, source=Source.SHIPPED, name=name))
    if added and not StoredModel.objects.filter(is_active=True).exists():
        activate(next((model for model in added if model.name == SHIPPED_DEFAULT), added[0]))
    return added
