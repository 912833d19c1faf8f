"""Runs with teachers: chosen in the form or on the command line, kept with the run, told in the card."""

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from recognizer import loading, services
from recognizer.core import model_file
from recognizer.core.model_file import ModelCard
from recognizer.core.network import Network
from recognizer.models import ModelOrigin, StoredModel
from tests.training.four_letters import LETTERS
from tests.training.runs.conftest import QUICK, MakeDataset, MakeRun
from training.core.trainer import EpochMetrics
from training.jobs.models import State
from training.jobs.worker.work_loop import work_next
from training.runs import services as run_services
from training.runs.checks import RunError
from training.runs.models import Run
from training.runs.worker import execution

pytestmark = pytest.mark.django_db(transaction=True)
TAUGHT = replace(QUICK, ink_specification="raw-28", distillation=0.5, temperature=2)


def made(seed: int = 5, *, letters: str = LETTERS) -> tuple[Network, ModelCard]:
    """A network that nobody trained, and its card."""
    size = len(letters)
    weights = np.random.default_rng(seed).normal(size=(size, 784)).astype(np.float32)
    network = Network((weights,), (np.zeros(size, np.float32),))
    return network, ModelCard.of(network, name=f"model {seed}", ink_specification="raw-28", letters=letters)


def stored_as(name: str, seed: int = 5, *, letters: str = LETTERS) -> StoredModel:
    network, card = made(seed, letters=letters)
    return services.add_model(network, replace(card, name=name), source=ModelOrigin.TRAINED)


def train(*words: str) -> Run:
    options = ("--dataset", "four", "--preset", "thesis-relu", "--set", "hidden_layers=8", "--set", "l2=0")
    call_command("train", *options, *words, stdout=StringIO())
    return Run.objects.latest("pk")


def test_the_run_and_its_card_name_the_teachers_by_their_weights(make_run: MakeRun, stored: StoredModel) -> None:
    other = stored_as("other", 6)
    run = make_run(hyperparameters=TAUGHT, teachers=[stored, other])
    assert [(row.model, row.name, row.weights_sha256) for row in run.teachers.all()] == [
        (stored, "chance", stored.weights_sha256),
        (other, "other", other.weights_sha256),
    ]
    assert work_next(Run, execution.execute)
    run.refresh_from_db()
    assert run.state == State.SUCCEEDED, run.error
    assert run.stored_model is not None
    recipe = loading.load_stored(run.stored_model).card.recipe
    assert recipe["teachers"] == [
        {"name": "chance", "weights_sha256": stored.weights_sha256},
        {"name": "other", "weights_sha256": other.weights_sha256},
    ]


def test_a_run_without_teachers_has_none_in_its_card(make_run: MakeRun) -> None:
    run = make_run()
    work_next(Run, execution.execute)
    run.refresh_from_db()
    assert run.stored_model is not None
    assert "teachers" not in run.stored_model.card["recipe"]


def test_what_the_teachers_say_changes_the_network(make_run: MakeRun, stored: StoredModel) -> None:
    for teacher in (stored, stored, stored_as("other", 6)):
        make_run(hyperparameters=TAUGHT, teachers=[teacher])
        assert work_next(Run, execution.execute)
    first, again, other = Run.objects.order_by("pk").values_list("weights_sha256", flat=True)
    assert first == again != other


def test_an_interrupted_run_goes_on_with_its_teachers(
    make_run: MakeRun, stored: StoredModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = run_services.record_epoch

    def die_after_two(run: Run, metrics: EpochMetrics) -> None:
        record(run, metrics)
        if metrics.epoch == 2:
            raise KeyboardInterrupt

    undisturbed = make_run(hyperparameters=TAUGHT, teachers=[stored])
    assert work_next(Run, execution.execute)
    interrupted = make_run(hyperparameters=TAUGHT, teachers=[stored])
    with monkeypatch.context() as patch:
        patch.setattr(run_services, "record_epoch", die_after_two)
        with pytest.raises(KeyboardInterrupt):
            work_next(Run, execution.execute)
    Run.objects.filter(pk=interrupted.pk).update(state=State.QUEUED)
    assert work_next(Run, execution.execute)
    for run in (undisturbed, interrupted):
        run.refresh_from_db()
    assert interrupted.events.filter(name="goes on").exists()
    assert interrupted.weights_sha256 == undisturbed.weights_sha256 != ""


def test_a_deleted_teacher_is_found_again_by_its_weights_or_missed_by_name(
    make_run: MakeRun, stored: StoredModel
) -> None:
    data = loading.file_of(stored).read_bytes()
    runs = [make_run(hyperparameters=TAUGHT, teachers=[stored]) for _ in range(2)]
    services.remove(stored)
    assert work_next(Run, execution.execute)
    services.add_file(data, source=ModelOrigin.UPLOADED, name="back again")
    assert work_next(Run, execution.execute)
    for run in runs:
        run.refresh_from_db()
    assert (runs[0].state, runs[0].error) == (State.FAILED, "Teacher “chance” was deleted.")
    assert runs[1].state == State.SUCCEEDED


@pytest.mark.parametrize(
    ("changes", "teachers", "field", "message"),
    [
        ({}, [], "distillation", "Choose a teacher, or set distillation to 0."),
        (
            {"distillation": 0},
            [5],
            "distillation",
            "With a teacher, distillation is its share of the targets: try 0.5.",
        ),
        ({}, [5, 5], "teachers", "A teacher is named twice."),
        (
            {"ink_specification": "moments-1"},
            [5],
            "teachers",
            "“model 5” reads raw-28 inputs, and this run is on moments-1: they must be the same.",
        ),
    ],
)
def test_teachers_that_do_not_fit(
    make_run: MakeRun, changes: dict[str, Any], teachers: list[int], field: str, message: str
) -> None:
    models = {seed: stored_as(f"model {seed}", seed) for seed in set(teachers)}
    with pytest.raises(RunError) as caught:
        make_run(hyperparameters=replace(TAUGHT, **changes), teachers=[models[seed] for seed in teachers])
    assert (caught.value.field, caught.value.message) == (field, message)
    assert Run.objects.count() == 0


def test_a_teacher_of_other_letters(make_run: MakeRun) -> None:
    with pytest.raises(RunError, match="“latin” reads other letters than the data sets have"):
        make_run(hyperparameters=TAUGHT, teachers=[stored_as("latin", letters="ABCD")])


def test_on_the_command_line_a_name_or_a_file(make_dataset: MakeDataset, stored: StoredModel, tmp_path: Path) -> None:
    make_dataset()
    path = tmp_path / "theirs.npz"
    model_file.write(path, *made(7))
    words = ("--teacher", "chance", "--teacher", str(path), "--set", "distillation=0.3", "--epochs", "1")
    for _ in range(2):  # the second time the file's model is in the catalogue
        run = train(*words)
        assert run.state == State.SUCCEEDED
        assert [row.name for row in run.teachers.all()] == ["chance", "model 7"]
    assert StoredModel.objects.filter(source=ModelOrigin.UPLOADED).count() == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--teacher", "nobody", "--set", "distillation=0.5"), "There is no model and no file “nobody”."),
        (("--teacher", "chance"), "With a teacher, distillation is its share of the targets: try 0.5."),
        (("--set", "distillation=0.5"), "Choose a teacher, or set distillation to 0."),
        (("--teacher", "README.md", "--set", "distillation=0.5"), "The file is not a model file (.npz), or it is"),
        (("--set", "distillation=2"), "distillation: must be between 0 and 1, not '2'."),
        (("--set", "temperature=0"), "temperature: must be between 0.1 and 20, not '0'."),
    ],
)
def test_bad_input_on_the_command_line(
    make_dataset: MakeDataset, stored: StoredModel, words: tuple[str, ...], message: str
) -> None:
    make_dataset()
    with pytest.raises(CommandError) as caught:
        train(*words)
    assert str(caught.value).startswith(message)
    assert Run.objects.count() == 0


def test_the_form_offers_models_and_the_page_names_them(
    admin_client: Client, make_dataset: MakeDataset, stored: StoredModel
) -> None:
    dataset = make_dataset()
    html = admin_client.get(reverse("admin:runs_run_add")).content.decode()
    assert "chance · 784-4 · raw-28" in html
    data = {
        "datasets": [dataset.pk],
        "preset": "thesis-relu",
        "model_name": "",
        "priority": "0",
        "teachers": [stored.pk],
    }
    response = admin_client.post(reverse("admin:runs_run_add"), data)
    errors = response.context["adminform"].form.errors
    assert errors == {"distillation": ["With a teacher, distillation is its share of the targets: try 0.5."]}
    admin_client.post(reverse("admin:runs_run_add"), data | {"distillation": "0.5"})
    run = Run.objects.get()
    assert [row.model for row in run.teachers.all()] == [stored]
    page = admin_client.get(run.get_absolute_url()).content.decode()
    assert f'<a href="{stored.get_absolute_url()}">chance</a>' in page
