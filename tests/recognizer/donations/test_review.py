"""The review of donated drawings: what a decision changes, how it is taken back, who may decide."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from recognizer.donations import review
from recognizer.donations.services import DonationError
from recognizer.models import Drawing, Review

STROKES = [[[10, 10, 0], [10, 90, 180]], [[10, 90, 420], [60, 90, 560]]]
PAGE, DECIDE = "/drawings/review/", "/drawings/decide/"

pytestmark = pytest.mark.django_db


def donated(count: int = 1, *, claimed: str = "А", predicted: str = "Ж") -> list[int]:
    """Drawings that wait, the first as the page shows them first."""
    for _each in range(count):
        Drawing.objects.create(
            strokes=STROKES, claimed=claimed, letter=claimed, predicted=predicted, best=[[predicted, 0.75]],
            ink_specification="moments-1", model_name="tiny", model_sha256="0" * 64, code_sha256="0" * 64,
        )  # fmt: skip
    return list(Drawing.objects.values_list("pk", flat=True)[:count])


def states() -> list[tuple[str, str]]:
    return list(Drawing.objects.values_list("state", "letter"))


def decide(client: Client, what: str, *keys: int | str, **fields: Any) -> Any:
    return client.post(DECIDE, {"do": what, "picture": keys, **fields}, headers={"accept": "application/json"})


def test_decisions_and_what_they_were_before() -> None:
    first, second = donated(2)
    before = review.decide([first, second], review.RELABEL, "Ж")
    assert states() == [(Review.ACCEPTED, "Ж")] * 2
    assert sorted(before) == sorted([(first, "pending", "А"), (second, "pending", "А")])
    review.decide([first], review.REJECT)
    assert states() == [(Review.REJECTED, "Ж"), (Review.ACCEPTED, "Ж")]
    Drawing.objects.get(pk=second).delete()
    assert review.restore(before) == [first]
    assert states() == [(Review.PENDING, "А")]


@pytest.mark.parametrize(
    ("action", "letter"), [("", ""), ("nothing", ""), ("relabel", ""), ("relabel", "Q"), ("relabel", "АЖ")]
)
def test_what_is_no_decision_changes_nothing(action: str, letter: str) -> None:
    keys = donated()
    with pytest.raises(DonationError):
        review.decide(keys, action, letter)
    with pytest.raises(DonationError):
        review.decide([], review.ACCEPT)
    assert states() == [(Review.PENDING, "А")]


def test_the_page_has_buttons_that_say_what_they_do(admin_client: Client) -> None:
    [key] = donated()
    page = admin_client.get(PAGE).text
    for value, words in (
        (f"accept:{key}", "Keep А"),
        (f"relabel:{key}:Ж", "Change to Ж"),
        (f"reject:{key}", "Remove the"),
    ):
        assert f'value="{value}">{words}' in page
    for key_name in ("Enter", "Delete", "Ctrl+Z"):
        assert f"<kbd>{key_name}</kbd>" in page
    assert "<polyline" in page


def test_each_button_does_it_and_undo_takes_it_back(admin_client: Client) -> None:
    first, second = donated(2)
    answer = decide(admin_client, f"relabel:{first}:Ж")
    assert answer.json() == {"decisions": {str(first): {"action": "relabel", "words": "now Ж"}}}
    decide(admin_client, "reject", first, second)
    assert states() == [(Review.REJECTED, "Ж"), (Review.REJECTED, "А")]
    undone = decide(admin_client, "undo").json()["decisions"]
    assert undone == {
        str(first): {"action": "relabel", "words": "now Ж"}, str(second): {"action": "", "words": ""},
    }  # fmt: skip
    decide(admin_client, "undo")
    assert states() == [(Review.PENDING, "А")] * 2
    assert decide(admin_client, "undo").json() == {"decisions": {}}


def test_nonsense_is_refused_with_a_sentence(admin_client: Client) -> None:
    donated()
    for what, keys in (("accept", ["x", "9" * 40]), ("fly", []), ("accept:", []), ("relabel:1:Q", [])):
        answer = decide(admin_client, what, *keys)
        assert answer.status_code == 400
        assert answer.json()["error"]
    assert states() == [(Review.PENDING, "А")]


def test_without_a_script_the_page_comes_back(admin_client: Client) -> None:
    keys = donated(2)
    answer = admin_client.post(f"{DECIDE}?state=pending&page=1", {"do": "accept", "picture": keys[:1]})
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?state=pending&page=1")
    assert admin_client.get(f"{PAGE}?state=accepted").text.count('class="tile"') == 1
    assert admin_client.get(f"{PAGE}?state=nothing").text.count('class="tile"') == 1, "those that wait"


def test_only_who_may_decide_sees_them(client: Client, django_user_model: type[User]) -> None:
    donated()
    client.force_login(django_user_model.objects.create_user("pupil"))
    assert client.get(PAGE).status_code == 403
    assert decide(client, "reject", *Drawing.objects.values_list("pk", flat=True)).status_code == 403
    assert states() == [(Review.PENDING, "А")]


def test_as_many_queries_for_sixty_as_for_one(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    donated(60)
    admin_client.get(PAGE)
    with django_assert_num_queries(4):  # session, person, count, page
        admin_client.get(PAGE)
