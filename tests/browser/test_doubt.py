"""The page doubts as Python does, and says what does not look like a letter."""

import json

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from recognizer import services
from recognizer.core.doubt import Doubt
from recognizer.models import ModelOrigin
from tests.browser.test_draw import CROSS, stroke
from tests.recognizer.conftest import make_card, make_network

DOUBT = """async (asked) => {
  const { recipe, layers } = JSON.parse(asked);
  const { Doubt } = await import("/static/js/network/doubt.js");
  const doubt = new Doubt({ recipe });
  return layers.map(([hidden, logits]) => {
    const given = { hidden: Float32Array.from(hidden), logits: Float32Array.from(logits) };
    return [doubt.probabilities(given.logits), doubt.score(given), doubt.refuses(given)];
  });
}"""


def random_doubt(rng: np.random.Generator, hidden: int) -> Doubt:
    """A doubt with three kinds of non-letters."""
    return Doubt(0.7, 0.5, ("line", "dot", "smile"), rng.normal(0, 0.3, (3, hidden)), rng.normal(0, 1, 3)).rounded()


@pytest.mark.parametrize("kinds", [True, False])
@pytest.mark.django_db(transaction=True)
def test_probabilities_and_scores_are_those_of_python(page: Page, live_server: LiveServer, *, kinds: bool) -> None:
    rng = np.random.default_rng(5)
    doubt = random_doubt(rng, 40) if kinds else Doubt(1.4, 4.7)
    hidden, logits = (rng.normal(0, 2, (50, size)).astype(np.float32) for size in (40, 33))
    page.goto(live_server.url)
    layers = list(zip(hidden.tolist(), logits.tolist(), strict=True))
    found = page.evaluate(DOUBT, json.dumps({"recipe": {"doubt": doubt.as_dict()}, "layers": layers}))
    probabilities, scores, refused = zip(*found, strict=True)
    np.testing.assert_allclose(probabilities, doubt.probabilities(logits), atol=1e-6)
    np.testing.assert_allclose(scores, doubt.scores(hidden, logits), atol=1e-5)
    assert list(refused) == doubt.refuses(hidden, logits).tolist()
    assert 0 < sum(refused) < len(refused)


@pytest.mark.parametrize("own", [True, False], ids=["browser", "server"])
@pytest.mark.django_db(transaction=True)
def test_a_drawing_that_is_refused_says_so_and_names_two_letters(
    page: Page, live_server: LiveServer, *, own: bool
) -> None:
    network = make_network()
    card = make_card(network, "doubtful").with_doubt(Doubt(1.0, 1000.0))
    services.activate(services.add_model(network, card, source=ModelOrigin.TRAINED))
    if not own:
        page.route("**/models/*.npz", lambda route: route.abort())
    page.goto(live_server.url)
    page.wait_for_selector("#draw[data-listening]")
    for points in CROSS:
        stroke(page, points)
    reading = page.locator("#reading")
    expect(reading).to_have_attribute("data-certainty", "refused")
    expect(reading.locator("[data-part=letter]")).to_have_text("?")
    verdict = reading.locator("[data-part=verdict]")
    letter = reading.get_attribute("data-letter")
    expect(verdict).to_contain_text(f"This does not look like a letter. Nearest: {letter} or ")
    expect(reading.locator("[data-part=live]")).to_have_text(verdict.inner_text())
    expect(reading.locator(".guesses")).to_be_hidden()
