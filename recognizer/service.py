"""The model in service: the one that reads letters on the page.

Its id is looked at once a second at most; a network is immutable and swapped by reference, so a switch needs no
restart and no lock on the reading path. A file that fails to load leaves the old network in service.
"""

import logging
import threading
import time
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recognizer.loading import CatalogError, LoadedModel, load_stored, shipped
from recognizer.models import Activation, StoredModel

logger = logging.getLogger(__name__)
LOOK_SECONDS = 1.0


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
