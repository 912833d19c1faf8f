"""In Russian no page and no text, stored or not, has an English word that is not a name; each page keeps its policy."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from recognizer.messages import gettext
from tests import world
from tests.addresses import addresses
from tests.hwrsite.russian import ReadTexts, allowed_words, latin_words
from tests.hwrsite.security import test_policies as policies
from tests.hwrsite.test_translations import RUSSIAN
from training.core.hyperparameters import HyperparameterError, Hyperparameters
from training.core.samples import SamplesError, check
from training.datasets.models import Dataset, DatasetImport
from training.devices.models import Benchmark
from training.jobs import lifecycle
from training.jobs.models import EventName, Job, State
from training.runs.models import Run
from training.sweeps.models import Sweep
from training.sweeps.services import title_of

ALLOWED = allowed_words()


def test_no_translation_has_an_english_word() -> None:
    texts = [text for entry in RUSSIAN for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert latin_words(texts, ALLOWED) == []


def error_of_the_core() -> str:
    """What the core says of a recipe that names a hyperparameter that does not exist."""
    with pytest.raises(HyperparameterError) as caught:
        Hyperparameters.from_mapping({"learning_rat": 1})
    return str(caught.value)


def error_of_samples() -> str:
    """What the core says of no data."""
    with pytest.raises(SamplesError) as caught:
        check([], None, n_pixels=784, n_inputs=784, n_classes=33)  # type: ignore[arg-type]  # nothing to look at
    return str(caught.value)


def store_texts() -> None:
    """Write into rows what workers write, in the workers' language."""
    failed, running = Run.objects.order_by("pk")[:2]
    Run.objects.filter(pk=failed.pk).update(state=State.FAILED, error=error_of_the_core())
    progress = gettext("epoch %(epoch)d of %(epochs)d") % {"epoch": 1, "epochs": 3}
    Run.objects.filter(pk=running.pk).update(state=State.RUNNING, progress=0.3, progress_text=progress)
    running.record_event(EventName.CONTINUED, gettext("after epoch %(epoch)d") % {"epoch": 1})
    pictures = gettext("%(done)d of %(total)d pictures") % {"done": 256, "total": 12004}
    DatasetImport.objects.update(state=State.RUNNING, progress_text=pictures)
    Benchmark.objects.update(error=error_of_samples())
    dataset, sweep = Dataset.objects.get(), Sweep.objects.get()
    Sweep.objects.filter(pk=sweep.pk).update(name=title_of([dataset], sweep.axes))
    report = {**dataset.report, "skipped": 1, "skipped_by_reason": {"no ink on it": 1}}
    report |= {"skipped_list": [["a.png", "no ink on it"]], "notes": [["from_one", {"letter": "А"}]]}
    Dataset.objects.filter(pk=dataset.pk).update(report=report)


@pytest.mark.django_db
@pytest.mark.processor_seconds(180)
def test_no_page_has_an_english_word_or_what_its_policy_forbids(
    admin_user: User, settings: Settings, tmp_path: Path
) -> None:
    settings.PROPIS_VAR = tmp_path
    cache.clear()
    world.build(replace(world.SMALL, runs=3))
    store_texts()
    client = Client(raise_request_exception=False, headers={"accept-language": "ru"})
    admin_user.set_unusable_password()  # its digest has random letters
    admin_user.save()
    client.force_login(admin_user)
    found, forbidden = {}, list[str]()
    for address in addresses():
        answer = client.get(address.to_a_row())
        if address.name != "admin:logout":
            forbidden += policies.faults(address, answer)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            words = latin_words(ReadTexts(answer.content.decode()).texts, ALLOWED)
            if words:
                found[address.name] = words
    assert not found, "\n".join(f"{name}: {words}" for name, words in found.items())
    assert not forbidden, "\n".join(forbidden)


@pytest.mark.django_db
def test_every_kind_of_job_says_its_error_in_russian() -> None:
    world.build(world.SMALL)
    for kind in lifecycle.kinds():
        job: Job = kind._default_manager.order_by("pk")[0]
        kind._default_manager.filter(pk=job.pk).update(error=error_of_the_core())
        job.record_event(EventName.FAILED, error_of_the_core())
    with translation.override("ru"):
        for kind in lifecycle.kinds():
            job = kind._default_manager.order_by("pk")[0]
            said = "learning_rat: такого гиперпараметра нет. Может быть, learning_rate?"
            assert (job.error, job.events.get().text) == (said, said)
