"""Packed model files that the page reads in a real Chromium: the same whole numbers as Python's, or one refusal."""

import base64
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from recognizer import active_model, services
from recognizer.core import model_file, packed
from recognizer.core.packed.member import HEAD
from recognizer.core.precision import INTEGER_BITS, IntegerNetwork
from recognizer.core.zipped import archive_of
from recognizer.models import StoredModel
from tests.browser.writing import written
from tests.recognizer.exports.models import CLASS_SETS, INPUTS, exported

READ = """async ([file, inputs]) => {
  const { networkOf } = await import("/static/js/network/model_file.js");
  const { Doubt } = await import("/static/js/network/doubt.js");
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  let loaded;
  try {
    loaded = networkOf(bytes(file));
  } catch (error) {
    return { refusal: error.message, kind: error.constructor.name };
  }
  const doubt = new Doubt(loaded.card);
  const answers = inputs.map(bytes).map((input) => {
    const layers = loaded.network.lastLayers(input);
    const whole = loaded.network.wholeLayers?.(input);
    return { logits: Array.from(layers.logits), score: doubt.score(layers), whole: whole && {
      hidden: Array.from(whole.hidden), logits: whole.logits } };
  });
  return { card: loaded.card, answers };
}"""


@pytest.fixture
def sheet(page: Page, live_server: LiveServer) -> Page:
    """A page of the site."""
    page.goto(live_server.url)
    return page


def read(page: Page, file: bytes) -> dict[str, Any]:
    """What the page makes of a file."""
    coded = [base64.b64encode(content).decode() for content in (file, *(row.tobytes() for row in INPUTS))]
    answer: dict[str, Any] = page.evaluate(READ, [coded[0], coded[1:]])
    return answer


@pytest.mark.parametrize("activation", ["relu", "gelu", "sigmoid"])
@pytest.mark.parametrize("precision", packed.PACKED)
def test_the_same_numbers(sheet: Page, precision: str, activation: str) -> None:
    model = exported(precision, activation)
    file = model_file.read(model_file.to_bytes(model.network, model.card, is_packed=True))
    found = read(sheet, model_file.to_bytes(model.network, model.card, is_packed=True))
    hidden, logits = file.network.read_layers(INPUTS)
    np.testing.assert_allclose([each["logits"] for each in found["answers"]], logits, rtol=1e-6, atol=2e-5)
    scores = file.card.doubt().scores(hidden, logits)
    np.testing.assert_allclose([each["score"] for each in found["answers"]], scores, rtol=1e-4, atol=1e-4)
    if isinstance(file.network, IntegerNetwork):
        whole = [each["whole"] for each in found["answers"]]
        assert [each["hidden"] for each in whole] == hidden.astype(int).tolist()
        assert [each["logits"] for each in whole] == file.network.whole_logits(INPUTS).tolist()


@pytest.mark.parametrize("letters", CLASS_SETS, ids=len)
@pytest.mark.parametrize("precision", INTEGER_BITS)
def test_class_sets(sheet: Page, precision: str, letters: str) -> None:
    model = exported(precision, letters=letters, hidden=9)
    found = read(sheet, model_file.to_bytes(model.network, model.card))
    assert found["card"]["letters"] == letters
    assert isinstance(model.network, IntegerNetwork)
    logits = model.network.whole_logits(INPUTS).tolist()
    assert [each["whole"]["logits"] for each in found["answers"]] == logits


def _shorter(member: bytes) -> bytes:
    return member[:-1]


def _longer(member: bytes) -> bytes:
    return member + b"\0"


def _version_2(member: bytes) -> bytes:
    magic, _version, length = HEAD.unpack_from(member)
    return struct.pack("<4sBH", magic, 2, length) + member[HEAD.size :]


@pytest.mark.parametrize("damage", [_shorter, _longer, _version_2, bytes.lower], ids=lambda each: each.__name__)
def test_what_is_refused(sheet: Page, damage: Callable[[bytes], bytes]) -> None:
    model = exported("int4")
    content = model_file.to_bytes(model.network, model.card)
    member = content[content.index(b"PRPS") :][: _member_length(content)]
    found = read(sheet, archive_of({"packed": damage(member)}))
    assert found["kind"] == "NetworkError"
    assert "packed model file" in found["refusal"] or "damaged" in found["refusal"]


def _member_length(content: bytes) -> int:
    """From the local header of the only member."""
    return int(struct.unpack_from("<I", content, 18)[0])


def test_the_draw_page_reads_by_itself(transactional_db: None, page: Page, live_server: LiveServer) -> None:
    """With whole numbers in service no stroke goes to the server."""
    services.add_shipped()
    services.activate(StoredModel.objects.get(name="tiny int4"))
    active_model.forget()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    with page.expect_response("**/models/*.npz"):
        page.goto(live_server.url)
    page.wait_for_selector("#draw[data-listening]")
    [shown] = written([page], [[[(0.2, 0.1), (0.2, 0.9)], [(0.7, 0.1), (0.2, 0.5), (0.7, 0.9)]]])
    assert (shown.state, shown.letter, sent) == ("read", "К", [])
