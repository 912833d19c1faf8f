"""The plans of a lesson: what they say of the pages is so, and both languages lead to the same places."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from tests.product import ROOT
from training.study.illustrations.surface import BallDescent, Outcome
from training.study.learning.scenes import SCENES
from training.study.web.charts import sigmoid_points

ENGLISH, RUSSIAN = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("lesson.md", "lesson.ru.md"))


def addresses(plan: str) -> list[str]:
    return re.findall(r"`(/[^`]*)`", "\n".join(line for line in plan.splitlines() if line.startswith("|")))


def test_both_plans_lead_to_the_same_places() -> None:
    assert addresses(ENGLISH) == addresses(RUSSIAN)
    assert re.findall(r"^\| (\d+–\d+) \|", ENGLISH, re.M) == re.findall(r"^\| (\d+–\d+) \|", RUSSIAN, re.M)


@pytest.mark.django_db
def test_each_place_is_there(client: Client) -> None:
    for address in set(addresses(ENGLISH)):
        place = urlsplit(address)
        page = client.get(f"{place.path}?{place.query}")
        assert page.status_code == 200
        assert not place.fragment or f'id="{place.fragment}"' in page.content.decode()


def test_what_breaks_a_network_is_a_scene() -> None:
    queries = [dict(parse_qsl(urlsplit(each).query)) for each in addresses(ENGLISH)]
    [overfitting] = [scene for scene in SCENES if scene.key == "overfitting"]
    assert dict(parse_qsl(overfitting.query)) in queries


def test_descents_end_as_the_plan_says() -> None:
    assert f"v₁ = {BallDescent.v1}".replace("-", "−") in ENGLISH
    assert BallDescent().outcome() is Outcome.DEEPEST
    assert BallDescent(rate=0.01).outcome() is Outcome.UNDER_WAY
    assert BallDescent(v1=1.5).outcome() is Outcome.LESSER
    too_long = BallDescent(v1=1.8, rate=1.0)
    assert too_long.outcome() is Outcome.LEFT
    assert len(too_long.path()) == 1 + 3


def test_the_neuron_by_hand_is_in_the_table() -> None:
    z = sum(x * w for x, w in zip((1, 0, 1), (2, -1, 0.5), strict=True))
    [found] = [sigma for place, sigma, _slope in sigmoid_points() if place == z]
    assert f"z = {z}, and σ({z}) from the table under Figures 2 and 15: {found}." in ENGLISH
    assert str(found).replace(".", ",") in RUSSIAN
