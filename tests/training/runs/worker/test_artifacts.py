"""What a run leaves to look at: misread pictures behind the cells of its matrix, worst mistakes, the first layer."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from numpy.typing import NDArray
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from recognizer.core.network import Network
from tests.training.four_letters import LETTERS, samples
from tests.training.runs.conftest import QUICK, MakeRun
from training.core.samples import Samples
from training.jobs.models import State
from training.jobs.worker.work_loop import work_next
from training.runs.models import Run
from training.runs.worker import artifacts, checkpoints, execution, finish

pytestmark = pytest.mark.django_db
UNTRAINED = replace(QUICK, epochs=1, learning_rate=1e-7, optimizer="sgd", seed=3)


@pytest.fixture
def poor(make_run: MakeRun) -> Run:
    """A run that has ended with a network that misreads much."""
    run = make_run(hyperparameters=UNTRAINED)
    work_next(Run, execution.execute)
    run = Run.objects.get(pk=run.pk)
    assert run.state == State.SUCCEEDED, run.error
    return run


def pixels(content: bytes) -> NDArray[np.uint8]:
    """The pixels of a PNG."""
    return np.asarray(Image.open(io.BytesIO(content)))


def constant(letter: int) -> Network:
    """A network that takes everything for one letter."""
    biases = np.zeros(4, np.float32)
    biases[letter] = 2
    return Network((np.zeros((4, 784), np.float32),), (biases,))


def test_the_sheet_holds_what_the_matrix_counts(poor: Run) -> None:
    sheet, counts = artifacts.read(poor), poor.confusion()
    assert sheet is not None
    assert counts is not None
    found = np.zeros_like(counts)
    for item in sheet.items:
        found[item.written, item.read] += 1
    assert found.sum() == sheet.total > 0
    np.fill_diagonal(counts, 0)
    assert found.tolist() == counts.tolist()
    assert [item.sure for item in sheet.items] == sorted((item.sure for item in sheet.items), reverse=True)
    assert all(item.of_right <= item.sure <= 1 for item in sheet.items)


@pytest.mark.parametrize(("specification", "ink"), [("moments-2", lambda inputs: inputs), ("raw-28", np.bitwise_not)])
def test_each_picture_is_the_ink_that_was_misread(
    poor: Run, specification: str, ink: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]
) -> None:
    test = samples(8, seed=5)
    poor.hyperparameters["ink_specification"] = specification
    artifacts.write(poor, constant(2), [("paper", test)])
    sheet = artifacts.read(poor)
    assert sheet is not None
    drawn = pixels((artifacts.folder_of(poor.pk) / artifacts.MISREAD).read_bytes())
    assert drawn.shape == (sheet.height, sheet.width, 2)
    wrong = [place for place, label in enumerate(test.labels.tolist()) if label != 2]
    assert [item.written for item in sheet.items] == [test.labels[place] for place in wrong]
    for place, (item, left, top) in zip(wrong, sheet.placed(), strict=True):
        square = drawn[top : top + 28, left : left + 28, 1]
        assert square.tolist() == ink(test.inputs[place]).reshape(28, 28).tolist()
        assert (item.read, item.dataset) == (2, "paper")


def test_of_too_many_the_surest_are_kept(poor: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifacts, "MOST_MISREAD", 5)
    artifacts.write(poor, constant(0), [("paper", samples(40, seed=5))])
    sheet = artifacts.read(poor)
    assert sheet is not None
    assert (len(sheet.items), sheet.total) == (5, 30)


def test_without_a_mistake_the_sheet_is_empty(poor: Run) -> None:
    one = samples(4, seed=5)
    artifacts.write(poor, constant(1), [("paper", Samples(one.inputs[1:2], one.labels[1:2]))])
    sheet = artifacts.read(poor)
    assert sheet is not None
    assert (sheet.items, sheet.total) == ((), 0)


def test_the_first_layer_is_drawn_by_sign_and_strength(poor: Run) -> None:
    weights = np.zeros((4, 784), np.float32)
    weights[2, 0], weights[2, 1] = 2.0, -1.0
    artifacts.write(poor, Network((weights,), (np.zeros(4, np.float32),)), [("paper", samples(4, seed=5))])
    drawn = pixels((artifacts.folder_of(poor.pk) / artifacts.WEIGHTS).read_bytes())
    assert drawn[0, 0].tolist() == [*artifacts.POSITIVE, 255]  # the strongest neuron comes first
    assert drawn[0, 1].tolist() == [*artifacts.NEGATIVE, 128]
    assert drawn[0, 2, 3] == 0


def test_misread_directions_are_shown_as_their_pictures(poor: Run) -> None:
    test = samples(8, seed=5)
    poor.hyperparameters["ink_specification"] = "directions-1"
    network = Network((np.zeros((4, 392), np.float32),), (np.array([0, 0, 2, 0], np.float32),))
    artifacts.write(poor, network, [("pixels", test)])
    drawn = pixels((artifacts.folder_of(poor.pk) / artifacts.MISREAD).read_bytes())
    first = next(place for place, label in enumerate(test.labels.tolist()) if label != 2)
    assert drawn[:28, :28, 1].tolist() == test.inputs[first].reshape(28, 28).tolist()


def test_a_neuron_that_reads_directions_is_eight_maps(poor: Run) -> None:
    """Around an empty middle: what begins to the right is drawn at the right."""
    weights = np.zeros((4, 8, 7, 7), np.float32)
    weights[2, 0, 0, 1], weights[2, 2, 6, 3] = 2.0, -1.0
    poor.hyperparameters["ink_specification"] = "directions-1"
    network = Network((weights.reshape(4, -1),), (np.zeros(4, np.float32),))
    artifacts.write(poor, network, [("pixels", samples(4, seed=5))])
    drawn = pixels((artifacts.folder_of(poor.pk) / artifacts.WEIGHTS).read_bytes())
    assert drawn.shape == (23 + artifacts.MARGIN, artifacts.NEURON_COLUMNS * (23 + artifacts.MARGIN), 4)
    assert drawn[8, 17].tolist() == [*artifacts.POSITIVE, 255]
    assert drawn[16 + 6, 8 + 3].tolist() == [*artifacts.NEGATIVE, 128]
    assert np.count_nonzero(drawn[..., 3]) == 2


def test_the_page_of_the_run_shows_and_leads_to_them(client: Client, poor: Run) -> None:
    html = client.get(poor.get_absolute_url()).content.decode()
    counts = poor.confusion()
    assert counts is not None
    written, read = next((i, j) for i in range(4) for j in range(4) if i != j and counts[i, j])
    link = f"/runs/{poor.pk}/misread/?written={LETTERS[written]}&amp;read={LETTERS[read]}"
    assert f'<a href="{link}">{counts[written, read]}</a>' in html
    assert "Worst mistakes" in html
    assert "Letter by letter" in html
    assert f"/runs/{poor.pk}/weights.png?{poor.weights_sha256}" in html
    page = client.get(link.replace("&amp;", "&"))
    assert page.context["page"].paginator.count == counts[written, read]
    assert all(picture["written"] == LETTERS[written] for picture in page.context["pictures"]["pictures"])


@pytest.mark.parametrize(("query", "share"), [("", 1), ("?page=9999", 1), ("?written=%D0%AF", 0), ("?read=<b>", 0)])
def test_any_address_of_misread_pictures_is_answered(client: Client, poor: Run, query: str, share: int) -> None:
    response = client.get(reverse("runs:misread", args=[poor.pk]) + query)
    assert response.status_code == 200
    sheet = artifacts.read(poor)
    assert sheet is not None
    assert response.context["page"].paginator.count == sheet.total * share
    assert b"<b>" not in response.content.replace(b'<b class="mistake">', b"")


@pytest.mark.parametrize("name", ["misread", "weights"])
def test_the_pictures_may_be_kept_by_the_browser(client: Client, poor: Run, name: str) -> None:
    response = client.get(reverse("runs:picture", args=[poor.pk, name]))
    assert response.headers["Content-Type"] == "image/png"
    assert "immutable" in response.headers["Cache-Control"]
    assert pixels(response.getvalue()).size > 0


def test_a_run_without_them_has_no_page_of_them(client: Client, make_run: MakeRun) -> None:
    run = make_run()
    for address in (reverse("runs:misread", args=[run.pk]), reverse("runs:picture", args=[run.pk, "misread"])):
        assert client.get(address).status_code == 404
    assert client.get(run.get_absolute_url()).status_code == 200


def test_a_trial_leaves_them_when_it_is_published(make_run: MakeRun) -> None:
    run = make_run(hyperparameters=UNTRAINED, is_trial=True)
    work_next(Run, execution.execute)
    run = Run.objects.get(pk=run.pk)
    assert artifacts.read(run) is None
    finish.publish(run)
    assert artifacts.read(run) is not None


def test_a_deleted_run_leaves_nothing(
    poor: Run, make_run: MakeRun, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    other = make_run()
    folders: list[Callable[[Run], Path]] = [checkpoints.folder_of, lambda run: artifacts.folder_of(run.pk)]
    for run in (poor, other):
        for folder in folders:
            folder(run).mkdir(parents=True, exist_ok=True)
    with django_capture_on_commit_callbacks(execute=True):
        Run.objects.filter(pk=poor.pk).delete()
    assert [folder(poor).exists() for folder in folders] == [False, False]
    assert [folder(other).exists() for folder in folders] == [True, True]
