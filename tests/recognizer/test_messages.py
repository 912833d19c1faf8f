"""Messages in columns: in the language of whoever reads them, whoever wrote them."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext_lazy

from recognizer.core.messages import read, stored
from recognizer.messages import gettext, ngettext
from training.cleaning.models import Cleaning
from training.datasets.models import DatasetImport
from training.jobs.models import EventName, State

ROOT = Path(__file__).resolve().parents[2]
PROGRESS = gettext("%(done)d of %(total)d pictures") % {"done": 256, "total": 12004}


def written_by_a_worker() -> DatasetImport:
    job = DatasetImport.objects.create(name="letters", origin="server", state=State.RUNNING, progress_text=PROGRESS)
    job.record_event(EventName.CONTINUED, gettext("after epoch %(epoch)d") % {"epoch": 3})
    return job


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "progress", "event"),
    [("en", "256 of 12004 pictures", "after epoch 3"), ("ru", "256 из 12004 картинок", "после эпохи 3")],
)
def test_what_a_worker_wrote_is_read_in_the_page_s_language(language: str, progress: str, event: str) -> None:
    job = written_by_a_worker()
    with translation.override(language):
        job.refresh_from_db()
        assert (job.progress_text, job.events.get().text) == (progress, event)
        assert DatasetImport.objects.values_list("progress_text", flat=True).get() == progress


@pytest.mark.django_db
def test_a_plain_sentence_of_an_older_version_stays_readable() -> None:
    DatasetImport.objects.create(name="letters", origin="server", error="The archive is damaged.")
    with translation.override("ru"):
        assert DatasetImport.objects.get().error == "The archive is damaged."


@pytest.mark.parametrize(("number", "said"), [(1, "Отменяется 1 задание."), (5, "Отменяется 5 заданий.")])
def test_numbers_have_their_forms(number: int, said: str) -> None:
    one, many = "%(count)d job is being cancelled.", "%(count)d jobs are being cancelled."
    text = stored(ngettext(one, many, number) % {"count": number})
    with translation.override("ru"):
        assert read(text) == said


def test_a_lazy_text_gives_its_key() -> None:
    with translation.override("ru"):
        text = stored(gettext(gettext_lazy("the limit of trials is reached")))
    with translation.override("en"):
        assert read(text) == "the limit of trials is reached"


def test_whatever_may_be_stored_is_a_message() -> None:
    rooms = ("web", "admin.py", "management", "templatetags", "migrations")
    files = [path for app in ("recognizer", "training") for path in (ROOT / app).rglob("*.py")]
    others = [path for path in files if not set(rooms) & set(path.parts) and path.name != "messages.py"]
    django = re.compile(r"from django.utils.translation import (.*\b(?:gettext|ngettext)\b.*)")
    assert [str(path) for path in others if django.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.django_db(transaction=True)
def test_the_way_back_leaves_plain_english() -> None:
    before = [("cleaning", "0005_no_suspicion"), ("datasets", "0011_no_suspicion")]
    written_by_a_worker()
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    try:
        executor.migrate([(app, name) for app, name in latest if app not in ("cleaning", "datasets")] + before)
        old = executor.loader.project_state(before).apps.get_model("datasets", "DatasetImport")
        assert old.objects.get().progress_text == "256 of 12004 pictures"
        assert not Cleaning.objects.exists()
    finally:
        executor.loader.build_graph()
        executor.migrate(latest)
