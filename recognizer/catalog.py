"""Which models there are: adding, finding, removing them. Loading and being in service have modules of their own."""

import hashlib
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from recognizer.core import ink, model_file
from recognizer.core.files import replacing
from recognizer.core.model_file import ModelCard, ModelFileError
from recognizer.core.network import Network
from recognizer.loading import (
    PRETRAINED,
    SHIPPED_DEFAULT,
    CatalogError,
    LoadedModel,
    file_of,
    folder,
    load_stored,
    shipped,
    shipped_names,
)
from recognizer.models import Source, StoredModel
from recognizer.service import activate, active, roll_back

__all__ = [
    "PRETRAINED",
    "SHIPPED_DEFAULT",
    "CatalogError",
    "LoadedModel",
    "activate",
    "active",
    "add_file",
    "add_model",
    "add_shipped",
    "check_file",
    "chosen",
    "file_of",
    "find",
    "folder",
    "in_service_message",
    "load_stored",
    "remove",
    "roll_back",
    "shipped",
    "shipped_names",
]
NAME_ATTEMPTS = 10


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
    with replacing(path) as file:
        file.write(data)
    try:
        return _create(
            name or content.card.name, source=source, parent=parent, file_bytes=len(data), **_columns(content)
        )
    except CatalogError:
        raise  # the file belongs to the row that is there
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _create(wanted: str, **columns: Any) -> StoredModel:
    """Make the row under the wanted name, or under a free one like it; another process may take a name meanwhile."""
    for _attempt in range(NAME_ATTEMPTS):
        try:
            with transaction.atomic():
                return StoredModel.objects.create(name=_free_name(wanted), **columns)
        except IntegrityError:
            if StoredModel.objects.filter(file_sha256=columns["file_sha256"]).exists():
                raise CatalogError(_("This model is in the catalogue already.")) from None
    raise CatalogError(_("No free name like “%(name)s” was found: give another.") % {"name": wanted})


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


def _free_name(wanted: str) -> str:
    """The name, or the name with the first number that is free."""
    base = wanted.strip()[:90] or "model"
    taken = set(StoredModel.objects.filter(name__startswith=base).values_list("name", flat=True))
    number = 2
    name = base
    while name in taken:
        name, number = f"{base} {number}", number + 1
    return name


def in_service_message(model: StoredModel) -> str:
    """Say why a model cannot be removed now."""
    return _("“%(name)s” is in service: put another model in service first.") % {"name": model.name}


def remove(model: StoredModel) -> None:
    """Delete a model and its file.

    Raises:
        CatalogError: it is in service.

    """
    if model.is_active:
        raise CatalogError(in_service_message(model))
    path = file_of(model)
    with transaction.atomic():
        model.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


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


def chosen(name: str | None) -> LoadedModel:
    """The model of that name; without one the model in service, or the shipped one where there is no database.

    Raises:
        CatalogError: none has that name.

    """
    if name:
        return find(name)
    try:
        return active()
    except DatabaseError:
        return shipped()


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
