"""Every change to the catalogue of models: adding and removing one, putting one in service, rolling back."""

import hashlib
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from recognizer import active_model
from recognizer.core import ink, model_file
from recognizer.core.doubt import KEY as DOUBT
from recognizer.core.files import replacing
from recognizer.core.model_file import ModelCard, ModelFileError
from recognizer.core.precision import AnyNetwork
from recognizer.filestore import places
from recognizer.loading import (
    PRETRAINED,
    SHIPPED_DEFAULT,
    CatalogueError,
    folder,
    path_of,
    shipped_names,
)
from recognizer.messages import gettext as _
from recognizer.models import Activation, ModelOrigin, StoredModel
from recognizer.reading import load_for_service

NAME_ATTEMPTS = 10


def add_model(
    network: AnyNetwork, card: ModelCard, *, source: ModelOrigin, parent: StoredModel | None = None
) -> StoredModel:
    """Put a network in the catalogue: its file first, then its row; nothing half-made stays."""
    return add_file(model_file.to_bytes(network, card), source=source, parent=parent)


def add_file(data: bytes, *, source: ModelOrigin, parent: StoredModel | None = None, name: str = "") -> StoredModel:
    """Put a model file in the catalogue; its parent is the one given, else that which its card names, if it is here.

    Raises:
        CatalogueError: damaged, hostile, of an unknown ink specification, or there already.

    """
    content = check_file(data)
    parent = parent or StoredModel.objects.filter(file_sha256=content.card.parent).first()
    path = folder() / f"{content.sha256}.npz"
    with replacing(path) as file:
        file.write(data)
    try:
        places.keep(path)
        return _create(
            name or content.card.name, source=source, parent=parent, file_bytes=len(data), **_columns(content)
        )
    except CatalogueError:
        raise  # the file belongs to the row that is there
    except BaseException:
        places.forget(path)
        raise


def _create(wanted: str, **columns: Any) -> StoredModel:
    """Make the row under the wanted name, or under a free one like it; another process may take a name meanwhile."""
    for _attempt in range(NAME_ATTEMPTS):
        try:
            with transaction.atomic():
                return StoredModel.objects.create(name=_free_name(wanted), **columns)
        except IntegrityError:
            if StoredModel.objects.filter(file_sha256=columns["file_sha256"]).exists():
                raise CatalogueError(_("This model is in the catalogue already.")) from None
    raise CatalogueError(_("No free name like “%(name)s” was found: give another.") % {"name": wanted})


def check_file(data: bytes) -> model_file.ModelFile:
    """Read a model file that somebody brings.

    Raises:
        CatalogueError: damaged, hostile, of an unknown ink specification, or in the catalogue already.

    """
    try:
        content = model_file.read(data)
        ink.specification(content.card.ink_specification)
    except (ModelFileError, ink.InkError) as error:
        raise CatalogueError(str(error)) from error
    if existing := StoredModel.objects.filter(file_sha256=content.sha256).first():
        raise CatalogueError(_("This model is in the catalogue already, as “%(name)s”.") % {"name": existing.name})
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
        "card": {**card.as_dict(), "recipe": _without_weights(card.recipe)},
    }


def _without_weights(recipe: dict[str, Any]) -> dict[str, Any]:
    """A card's recipe as its row keeps it: of the doubt the kinds of non-letters without their weights."""
    doubt = recipe.get(DOUBT)
    return {**recipe, DOUBT: {**doubt, "non_letters": list(doubt["non_letters"])}} if doubt else recipe


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
        CatalogueError: it is in service.

    """
    if model.is_active:
        raise CatalogueError(in_service_message(model))
    path = path_of(model)
    with transaction.atomic():
        model.delete()
        transaction.on_commit(lambda: places.forget(path))


def activate(model: StoredModel, *, by: Any = None) -> None:
    """Put a model in service, in every process within a second or so.

    Raises:
        CatalogueError: its file is missing or damaged, or it cannot read letters; the old one stays in service.

    """
    load_for_service(model)
    with transaction.atomic():
        _one_after_the_other()
        StoredModel.objects.filter(is_active=True).exclude(pk=model.pk).update(is_active=False)
        StoredModel.objects.filter(pk=model.pk).update(is_active=True)
        Activation.objects.create(
            model=model, by=by if by is not None and by.is_authenticated else None, at=timezone.now()
        )
    model.is_active = True
    active_model.forget()


def _one_after_the_other() -> None:
    """Let nobody else put a model in service until this transaction ends; readings continue.

    On SQLite one transaction writes at a time anyway. Locks of the rows would not do: of three that each put another
    model in service, the third does not see the row that the second has changed.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{Activation._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')


def roll_back(*, by: Any = None, leaving: int | None = None) -> StoredModel:
    """Put the model back in service that was there before the present one.

    Args:
        by: who asks.
        leaving: the key of the model that is to go, so that of two who roll back at once the second does not bring it
            back; None for whichever is in service.

    Raises:
        CatalogueError: there was none, or another one is in service by now.

    """
    with transaction.atomic():
        _one_after_the_other()
        current = StoredModel.objects.filter(is_active=True).first()
        if leaving is not None and (current is None or current.pk != leaving):
            name = current.name if current else "—"
            raise CatalogueError(_("“%(name)s” is in service now, so nothing was rolled back.") % {"name": name})
        earlier = Activation.objects.exclude(model=current).select_related("model").first()
        if earlier is None:
            raise CatalogueError(_("No other model was in service before."))
        activate(earlier.model, by=by)
    active_model.forget()  # whoever looked before the end still saw the other
    return earlier.model


def add_shipped() -> list[StoredModel]:
    """Put the shipped models in the catalogue where they are not there yet; the first start puts one in service."""
    added = []
    for name in shipped_names():
        data = (PRETRAINED / f"{name}.npz").read_bytes()
        if not StoredModel.objects.filter(file_sha256=hashlib.sha256(data).hexdigest()).exists():
            added.append(add_file(data, source=ModelOrigin.SHIPPED, name=name))
    if added and not StoredModel.objects.filter(is_active=True).exists():
        activate(next((model for model in added if model.name == SHIPPED_DEFAULT), added[0]))
    return added
