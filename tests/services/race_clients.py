"""Many people at once on one database: `manage.py shell` runs `main`, for the database that DATABASE_URL names."""

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from accounts.models import User
from recognizer import services
from recognizer.core import model_file
from recognizer.models import ModelOrigin, StoredModel
from tests.recognizer.conftest import make_card, make_network

THREADS = 16


def main() -> None:
    """Race, and print the answers."""
    setup_test_environment()
    call_command("migrate", verbosity=0)
    client()  # makes the administrator
    models = [stored(seed) for seed in range(4)]
    services.activate(models[0])
    services.activate(models[1])
    file = model_file.to_bytes(make_network(9), make_card(make_network(9), "uploaded"))
    answers = {
        "rolled back": at_once(2, lambda number: roll_back(models[1].pk)),
        "in service after it": StoredModel.objects.get(is_active=True).name,
        "put in service": at_once(160, lambda number: press("put_in_service", models[number % 4].pk)),
        "active": StoredModel.objects.filter(is_active=True).count(),
        "uploaded": at_once(4, lambda number: upload(file)),
        "models": StoredModel.objects.count(),
    }
    sys.stdout.write(f"\n{json.dumps(answers)}\n")


def stored(seed: int) -> StoredModel:
    """A model in the catalogue."""
    network = make_network(seed)
    return services.add_model(network, make_card(network, f"model {seed}"), source=ModelOrigin.TRAINED)


def at_once(count: int, ask: Callable[[int], HttpResponse]) -> dict[str, int]:
    """Send this many requests on all threads; count the statuses."""
    together = threading.Barrier(min(count, THREADS))

    def one(number: int) -> str:
        try:
            if number < THREADS:
                together.wait(60)
            return str(ask(number).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(min(count, THREADS)) as threads:
        return dict(Counter(threads.map(one, range(count))))


def client() -> Client:
    """An administrator's browser."""
    browser = Client(raise_request_exception=False)
    browser.force_login(User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("admin"))
    return browser


def press(button: str, *key: int, **fields: Any) -> Any:
    """Press a button of the admin and confirm."""
    return client().post(
        reverse(f"admin:recognizer_storedmodel_{button}", args=key), {"_form_submitted": "on", **fields}
    )


def roll_back(leaving: int) -> Any:
    """Confirm a dialog that was shown while this model was in service."""
    return press("roll_back", leaving=leaving)


def upload(file: bytes) -> Any:
    """Send the form of a new model."""
    sent = {"file": SimpleUploadedFile("model.npz", file), "wanted_name": "", "note": ""}
    return client().post(reverse("admin:recognizer_storedmodel_add"), sent)
