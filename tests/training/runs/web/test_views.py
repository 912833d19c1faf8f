"""Public pages of runs: what is shown, live parts that end, downloads, and who may cancel."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from accounts import tokens
from accounts.models import User
from tests.training.four_letters import LETTERS
from tests.training.runs.conftest import MakeRun
from training.core.hyperparameters import PRESETS
from training.core.trainer import EpochMetrics
from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker.work_loop import work_next
from training.runs import services
from training.runs.models import Epoch, Run
from training.runs.services import set_tags
from training.runs.web import charts
from training.runs.worker import execution

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(make_run: MakeRun) -> Run:
    """A run that has done two of its three epochs."""
    run = make_run(queue=False)
    for epoch in (1, 2):
        metrics = EpochMetrics(epoch, 2 / epoch, 0.4 * epoch, 1.5 / epoch, 0.45 * epoch, 4.0)
        services.record_epoch(run, metrics)
    return run


@pytest.fixture
def ended(make_run: MakeRun) -> Run:
    """A run that was trained to its end."""
    run = make_run(name="mine")
    work_next(Run, execution.execute)
    return Run.objects.get(pk=run.pk)


def test_an_empty_list_says_what_to_do_next(client: Client) -> None:
    html = client.get(reverse("runs:index")).content.decode()
    assert "No runs yet" in html
    assert reverse("runs:new") in html


def test_the_list_follows_what_runs_and_rests_when_nothing_does(client: Client, running: Run) -> None:
    html = client.get(reverse("runs:index")).content.decode()
    assert f'hx-get="{reverse("runs:rows")}?page=1"' in html
    response = client.get(reverse("runs:rows"))
    assert response.status_code == 200
    assert "90.00%" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    lifecycle.finish(running, State.SUCCEEDED)
    response = client.get(reverse("runs:rows"))
    assert response.status_code == 286
    assert "hx-get" not in response.content.decode()


def test_a_list_takes_the_same_few_queries_however_long(
    client: Client, make_run: MakeRun, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = make_run()
    for _ in range(6):
        make_run(first.datasets.get())
    with django_assert_num_queries(4):
        client.get(reverse("runs:rows"))


def test_the_page_of_a_running_one_shows_where_it_is(client: Client, running: Run) -> None:
    html = client.get(running.get_absolute_url()).content.decode()
    assert f'hx-get="{reverse("runs:live", args=[running.pk])}?was=running"' in html
    assert "epoch 2 of 3" in html
    assert "4.0 s left" in html
    assert "90.00%" in html  # best validation accuracy
    assert "20" in html  # images a second: 80 in 4 s
    assert "Results" not in html


def test_the_live_part_ends_with_the_results(client: Client, running: Run, ended: Run) -> None:
    response = client.get(reverse("runs:live", args=[running.pk]))
    assert response.status_code == 200
    assert 'id="results"' not in response.content.decode()
    response = client.get(reverse("runs:live", args=[ended.pk]))
    html = response.content.decode()
    assert response.status_code == 286
    assert "hx-get" not in html
    assert '<div id="results" hx-swap-oob="true">' in html
    assert "Results" in html


def test_the_page_of_an_ended_one_shows_what_it_reached(client: Client, ended: Run) -> None:
    html = client.get(ended.get_absolute_url()).content.decode()
    assert "100.00%" in html
    assert ended.stored_model is not None
    assert ended.stored_model.get_absolute_url() in html
    assert ended.weights_sha256 in html
    for letter in LETTERS:
        assert f"{letter} read as {letter}: 6" in html
    assert "Learning rate" in html
    assert "succeeded" in html


def test_a_failed_one_says_why(client: Client, running: Run) -> None:
    lifecycle.finish(running, State.FAILED, error="The learning rate is too high.")
    assert "The learning rate is too high." in client.get(running.get_absolute_url()).content.decode()


def test_the_page_can_be_read_without_javascript(client: Client, running: Run) -> None:
    html = client.get(running.get_absolute_url()).content.decode()
    assert html.count('<th scope="row" class="number">2</th>') == 2  # both charts have their table


def test_the_curves_as_json(client: Client, running: Run) -> None:
    content = json.loads(client.get(reverse("runs:curves", args=[running.pk])).content)
    assert content["running"] is True
    assert content["url"] == reverse("runs:curves", args=[running.pk])
    train, validation = content["charts"]["accuracy"]["series"]
    assert (train["label"], train["points"]) == ("train", [[1, 0.4], [2, 0.8]])
    assert (validation["label"], validation["points"]) == ("validation", [[1, 0.45], [2, 0.9]])
    assert content["charts"]["cost"]["series"][0]["points"] == [[1, 2.0], [2, 1.0]]
    lifecycle.finish(running, State.SUCCEEDED)
    assert json.loads(client.get(reverse("runs:curves", args=[running.pk])).content)["running"] is False


@pytest.mark.parametrize(("epochs", "step"), [(500, 1), (501, 2), (9000, 18)])
def test_a_long_run_is_shown_by_every_nth_epoch(client: Client, make_run: MakeRun, epochs: int, step: int) -> None:
    run = make_run()
    figures = {"train_cost": 1, "train_accuracy": 0, "validation_cost": 1, "validation_accuracy": 0, "seconds": 1}
    Epoch.objects.bulk_create(Epoch(run=run, epoch=epoch, **figures) for epoch in range(1, epochs + 1))
    Run.objects.filter(pk=run.pk).update(epoch=epochs)
    content = json.loads(client.get(reverse("runs:curves", args=[run.pk])).content)
    shown = [epoch for epoch, _value in content["charts"]["cost"]["series"][0]["points"]]
    assert shown == sorted({1, *range(step, epochs + 1, step), epochs})
    assert len(shown) <= charts.MOST_POINTS + 2


def test_the_epochs_as_csv(client: Client, running: Run) -> None:
    response = client.get(reverse("runs:csv", args=[running.pk]))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, first, _second = response.getvalue().decode("utf-8-sig").splitlines()
    assert header == "epoch,train_cost,train_accuracy,validation_cost,validation_accuracy,seconds,ended_at"
    assert first.startswith("1,2.0,0.4,1.5,0.45,4.0,2")


@pytest.mark.parametrize("kind", charts.KINDS)
def test_a_chart_as_svg(client: Client, running: Run, kind: str) -> None:
    response = client.get(reverse("runs:chart", args=[running.pk, kind, "svg"]))
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Disposition"] == f'attachment; filename="run-{running.pk}-{kind}.svg"'
    assert ET.fromstring(response.content).tag == "{http://www.w3.org/2000/svg}svg"
    assert response.content == charts.draw(running, kind, "svg")


@pytest.mark.parametrize("epochs", [0, 1, 2])
def test_a_chart_as_png_with_however_few_epochs(client: Client, running: Run, tmp_path: Path, epochs: int) -> None:
    Epoch.objects.filter(run=running, epoch__gt=epochs).delete()
    response = client.get(reverse("runs:chart", args=[running.pk, "cost", "png"]))
    path = tmp_path / "chart.png"
    path.write_bytes(response.content)
    assert Image.open(path).size == (800, 450)


@pytest.mark.parametrize("address", ["/runs/99/", "/runs/99/live/", "/runs/99/curves.json", "/runs/99/cost.svg"])
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/runs/1/cost.gif", "/runs/1/loss.svg", "/runs/x/", "/runs/9999999999999999999/cost.svg"]
)
def test_what_cannot_be_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


class TestCancel:
    """Only those who may change runs cancel them, and only by POST."""

    def test_a_stranger_may_not(self, client: Client, running: Run) -> None:
        assert client.post(reverse("runs:act", args=[running.pk, "cancel"])).status_code == 403
        assert "Cancel" not in client.get(running.get_absolute_url()).content.decode()
        assert not Run.objects.get(pk=running.pk).cancel_requested

    def test_a_link_does_nothing(self, admin_client: Client, running: Run) -> None:
        assert admin_client.get(reverse("runs:act", args=[running.pk, "cancel"])).status_code == 405

    def test_one_who_may_asks_the_worker_to_stop(self, admin_client: Client, running: Run) -> None:
        assert "Cancel this run" in admin_client.get(running.get_absolute_url()).content.decode()
        response = admin_client.post(reverse("runs:act", args=[running.pk, "cancel"]), follow=True)
        assert f"Run {running.pk} is being cancelled." in response.content.decode()
        assert Run.objects.get(pk=running.pk).cancel_requested

    def test_what_has_ended_stays_ended(self, admin_client: Client, ended: Run) -> None:
        response = admin_client.post(reverse("runs:act", args=[ended.pk, "cancel"]), follow=True)
        assert f"Run {ended.pk} cannot do that now: it is “succeeded”." in response.content.decode()
        assert Run.objects.get(pk=ended.pk).state == State.SUCCEEDED

    def test_staff_without_the_permission_may_not(self, client: Client, running: Run) -> None:
        client.force_login(User.objects.create_user("anna", is_staff=True))
        assert client.post(reverse("runs:act", args=[running.pk, "cancel"])).status_code == 403


class TestOtherActions:
    """Pause, resume and try again from the page."""

    def test_what_each_does(self, admin_client: Client, make_run: MakeRun) -> None:
        run = make_run()
        for action, state in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled"), ("retry", "queued")):
            html = admin_client.post(reverse("runs:act", args=[run.pk, action]), follow=True).content.decode()
            assert f"Run {run.pk} is" in html
            assert Run.objects.get(pk=run.pk).state == state

    def test_the_buttons_are_those_that_fit(self, admin_client: Client, running: Run) -> None:
        def shown() -> set[str]:
            html = admin_client.get(running.get_absolute_url()).content.decode()
            return {name for name in ("pause", "resume", "retry", "cancel") if f"/{running.pk}/{name}/" in html}

        assert shown() == {"pause", "cancel"}
        lifecycle.request_pause(running)
        assert shown() == {"resume", "cancel"}
        lifecycle.give_back(running)
        assert shown() == {"resume", "cancel"}
        lifecycle.request_cancel(running)
        assert shown() == {"retry"}
        Dataset.objects.all().delete()
        assert shown() == set()
        words = "It cannot be tried again: Data set “four” was deleted."
        assert words in admin_client.get(running.get_absolute_url()).content.decode()

    def test_what_cannot_start_is_refused_on_the_page_and_to_a_program(
        self, admin_client: Client, admin_user: User, make_run: MakeRun
    ) -> None:
        run = make_run()
        lifecycle.request_cancel(run)
        Dataset.objects.all().delete()
        address = reverse("runs:act", args=[run.pk, "retry"])
        assert "Data set “four” was deleted." in admin_client.post(address, follow=True).content.decode()
        token = tokens.make(admin_user, name="notebook", scope="train")
        program = Client(headers={"authorization": f"Bearer {token}"})
        refused = program.post(address)
        assert (refused.status_code, refused.json()) == (409, {"error": "Data set “four” was deleted."})
        assert Run.objects.get(pk=run.pk).state == State.CANCELLED
        refused = program.post(reverse("runs:act", args=[run.pk, "pause"]))
        assert refused.status_code == 409
        assert "cannot do that now" in refused.json()["error"]

    def test_a_stranger_may_not(self, client: Client, make_run: MakeRun) -> None:
        run = make_run()
        assert client.post(reverse("runs:act", args=[run.pk, "pause"])).status_code == 403
        assert client.post(f"/runs/{run.pk}/explode/").status_code == 404
        assert Run.objects.get(pk=run.pk).state == State.QUEUED

    def test_the_buttons_are_sent_again_only_when_the_state_changes(self, admin_client: Client, running: Run) -> None:
        address = reverse("runs:live", args=[running.pk])
        assert 'id="actions"' not in admin_client.get(address, {"was": "running"}).content.decode()
        lifecycle.request_pause(running)
        assert 'id="actions"' in admin_client.get(address, {"was": "running"}).content.decode()


def test_what_differs_from_the_preset_comes_first(client: Client, make_run: MakeRun) -> None:
    recipe = replace(PRESETS["small"], learning_rate=0.25)
    run = make_run(preset="small", hyperparameters=recipe)
    response = client.get(run.get_absolute_url())
    assert [(field.name, *rest) for field, *rest in response.context["differences"]] == [
        ("learning_rate", "0.25", "0.004")
    ]
    assert "What differs from the preset “small”" in response.content.decode()


def test_notes_and_tags_are_shown_as_text(client: Client, make_run: MakeRun) -> None:
    run = make_run(notes="<b>bold</b>")
    set_tags(run, ["a&b"])
    html = client.get(run.get_absolute_url()).content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert 'href="/runs/?tag=a%26b">a&amp;b</a>' in html
