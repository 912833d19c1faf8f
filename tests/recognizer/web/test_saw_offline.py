"""The offline copy of the draw page has the panel “What the network saw” and all of its modules."""

import json

import pytest

from recognizer import services
from recognizer.web import offline
from recognizer.web.draw_page import draw_context

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_offline_copy_has_all_of_it() -> None:
    services.add_shipped()
    release = offline.release_of(json.dumps(draw_context()["model"]))
    files = "\n".join(release["files"])
    for part in ("/saw/en.", "/saw/ru.", "js/saw/panel", "js/saw/worker", "js/saw/smallest_change", "css/saw"):
        assert part in files
