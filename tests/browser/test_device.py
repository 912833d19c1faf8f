"""A real Chromium becomes a device by one tap: its times are on the board, and what it measured survives a reload."""

import base64
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from recognizer import services
from recognizer.core import model_file
from recognizer.core.model_card import ModelCard
from recognizer.core.precision import INTEGER_BITS
from recognizer.models import ModelOrigin, StoredModel
from tests.recognizer.core.integer_reference import random_whole
from tests.recognizer.exports.models import exported
from tests.training.devices.conftest import MakeDataset, make_dataset, make_network
from training.core.samples import Samples
from training.devices import tasks
from training.devices.fleet import bundles, invitations
from training.devices.models import Benchmark, Device, Invitation
from training.jobs.models import State

__all__ = ["make_dataset"]
HIDDEN, IMAGES, BATCH = 19, 403, 101
"""None is a multiple of what a kernel takes at once."""
LETTERS = """async ([file, images, size, wasm]) => {
  const { readModelFile } = await import("/static/js/network/model_file.js");
  const { readImages } = await import("/static/js/measuring/images_file.js");
  const { kernelOf } = await import("/static/js/measuring/kernels.js");
  const { batchesOf, score } = await import("/static/js/measuring/measure.js");
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const pool = readImages(bytes(images));
  const code = await (await fetch(wasm)).arrayBuffer();
  const found = {};
  for (const backend of ["javascript", "wasm"]) {
    const kernel = await kernelOf(readModelFile(bytes(file)), backend, pool.inputs, size, code);
    found[backend] = { letters: [], correct: score(kernel, pool, size) };
    const letters = new Uint8Array(size);
    for (const [first, count] of batchesOf(pool.count, size, pool.count)) {
      kernel.read(first, count, letters);
      found[backend].letters.push(...letters.subarray(0, count));
    }
  }
  return found;
}"""


@pytest.mark.parametrize("activation", ["relu", "gelu", "sigmoid"])
@pytest.mark.parametrize("precision", ["fp32", "fp16", "int8", "int4"])
def test_every_kernel_reads_the_letters_that_python_reads(bare: Page, precision: str, activation: str) -> None:
    model, rng = exported(precision, activation, hidden=HIDDEN), np.random.default_rng(6)
    inputs = rng.integers(0, 256, (IMAGES, model.card.sizes[0]), dtype=np.uint8)
    expected = model.network.read(inputs).argmax(axis=1)
    labels = np.where(rng.random(IMAGES) < 0.7, expected, (expected + 1) % 33).astype(np.uint8)
    content = model_file.to_bytes(model.network, model.card, is_packed=precision in INTEGER_BITS)
    images = bundles.content_of(Samples(inputs, labels))
    texts = [base64.b64encode(each).decode() for each in (content, images)]
    found = bare.evaluate(LETTERS, [*texts, BATCH, "/static/wasm/kernel.wasm"])
    for backend in ("javascript", "wasm"):
        differing = int((np.array(found[backend]["letters"]) != expected).sum())
        assert differing <= (0 if precision in INTEGER_BITS else 1), backend
        assert abs(found[backend]["correct"] - int((labels == expected).sum())) <= differing


@pytest.fixture
def invitation(transactional_db: None, make_dataset: MakeDataset) -> Invitation:
    """An open one for a network and its twin in whole numbers, whose images are made."""
    make_dataset()
    network = make_network()
    card = ModelCard.of(network, name="small one", ink_specification="moments-1")
    model = services.add_model(network, card, source=ModelOrigin.UPLOADED)
    _twin(model)
    made = invitations.invite(model, minutes=5, most=2, by=None)
    for _precision in range(2):
        tasks.bundle_next()
    return made


def _twin(model: StoredModel) -> None:
    network = random_whole(np.random.default_rng(1), tuple(model.sizes), "relu", "int8")
    card = ModelCard.of(make_network(), name="its twin", ink_specification="moments-1", precision="int8")
    content = model_file.to_bytes(network, card, is_packed=True)
    services.add_file(content, source=ModelOrigin.COMPRESSED, parent=model)


def results() -> list[Any]:
    done = Benchmark.objects.filter(state=State.SUCCEEDED).order_by("pk")
    return [(each.precision, each.backend, each.invalid) for each in done]


def test_one_tap_and_its_row_is_on_the_board(page: Page, live_server: LiveServer, invitation: Invitation) -> None:
    page.goto(f"{live_server.url}/devices/this/")
    page.fill("#code", invitation.code.lower())
    page.keyboard.press("Enter")
    page.click("[data-part=start]")
    expect(page.locator("#device")).to_have_attribute("data-state", "done")
    forms = [("fp32", "javascript"), ("fp32", "wasm"), ("int8", "javascript"), ("int8", "wasm")]
    assert results() == [(*form, "") for form in forms]
    row = page.locator("#board tbody tr")
    expect(row.locator("td.number a")).to_have_count(4)
    device = Device.objects.get()
    expect(row.locator("th a")).to_have_text(device.name)
    assert page.locator("[data-part=name]").inner_text() == device.name
    assert (device.sheet["engine"], device.sheet["simd"]) == ("Chromium", True)
    shown = page.goto(f"{live_server.url}/devices/")
    assert shown is not None
    assert device.name not in shown.text(), "browsers stand beside browsers only"
    listed = page.request.get(f"{live_server.url}/devices/browsers.json").json()["times"]
    assert sorted((each["precision"], each["backend"]) for each in listed) == forms
    assert all(0 < each["results"]["environment"]["clock_seconds"] < 0.1 for each in listed)


def test_what_was_measured_is_kept_until_the_server_has_it(
    page: Page, live_server: LiveServer, invitation: Invitation
) -> None:
    page.route("**/result", lambda route: route.abort())
    page.goto(f"{live_server.url}{invitation.get_absolute_url()}")
    page.click("[data-part=start]")
    expect(page.locator("[data-part=away]")).to_be_visible()
    assert results() == []
    page.unroute("**/result")
    page.reload()
    page.wait_for_selector("#device[data-ready]")
    assert results() == [("fp32", "javascript", "")]
    page.reload()
    page.wait_for_selector("#device[data-ready]")
    page.click("[data-part=start]")
    expect(page.locator("#device")).to_have_attribute("data-state", "done")
    assert len(results()) == 4
    assert Device.objects.count() == 1
