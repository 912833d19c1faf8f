"""Donating a drawing on the draw page in a real Chromium: asked once, off until then, deleted by the code."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from recognizer import services
from recognizer.models import Drawing, ModelOrigin
from tests.browser.test_draw import CROSS, draw, stroke
from tests.recognizer.conftest import make_card, make_network


@pytest.fixture
def sheet(transactional_db: None, page: Page, live_server: LiveServer) -> Iterator[Page]:
    """The draw page with a model in service; nothing may break its content security policy or throw."""
    network = make_network()
    services.activate(services.add_model(network, make_card(network, "tiny"), source=ModelOrigin.TRAINED))
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None)
    page.goto(live_server.url)
    page.wait_for_selector("#draw[data-listening]")
    yield page
    assert problems == []


def agree(page: Page) -> None:
    page.get_by_text("Help it learn").click()
    page.get_by_role("button", name="I agree").click()


def test_nothing_is_asked_or_sent_before_consent(sheet: Page) -> None:
    sent: list[str] = []
    sheet.on("request", lambda request: sent.append(request.url) if "/drawings" in request.url else None)

    draw(sheet)

    expect(sheet.get_by_role("button", name="is right")).to_be_hidden()
    expect(sheet.get_by_role("button", name="I agree")).to_be_hidden()
    expect(sheet.get_by_text("Help it learn")).to_be_visible()
    assert sent == []
    assert sheet.evaluate("localStorage.length") == 0


def test_consent_is_asked_once_and_a_drawing_kept(sheet: Page, live_server: LiveServer) -> None:
    draw(sheet)
    agree(sheet)
    guess = sheet.locator("#reading").get_attribute("data-letter")
    sheet.get_by_role("button", name="is right").click()

    expect(sheet.get_by_text(f"Kept as {guess}. Thank you!")).to_be_visible()
    first = Drawing.objects.get()
    assert (first.claimed, first.predicted, len(first.strokes)) == (guess, guess, 2)
    assert len(first.strokes[0][0]) == 3, "with times"
    assert first.licence == "CC0-1.0"
    code = sheet.locator("[data-part=code]").inner_text()

    sheet.reload()
    draw(sheet)
    expect(sheet.get_by_text("Help it learn")).to_be_hidden()
    sheet.get_by_label("Another letter").select_option("Ж")
    assert Drawing.objects.count() == 1, "the list only chooses"
    sheet.get_by_role("button", name="It is Ж").click()
    expect(sheet.get_by_text("Kept as Ж. Thank you!")).to_be_visible()
    assert sheet.locator("[data-part=code]").inner_text() == code
    assert set(Drawing.objects.values_list("claimed", flat=True)) == {guess, "Ж"}
    assert Drawing.objects.values("code_sha256").distinct().count() == 1

    sheet.locator("#donation").get_by_role("link", name="Delete my drawings").click()
    expect(sheet.get_by_label("Deletion code")).to_have_value(code)
    sheet.get_by_role("button", name="Delete for good").click()
    expect(sheet.get_by_text("2 drawings are deleted.")).to_be_visible()
    assert not Drawing.objects.exists()


def test_who_agreed_to_an_earlier_text_is_asked_again(sheet: Page) -> None:
    sheet.evaluate("localStorage.setItem('propis-giving', JSON.stringify({agreed: true, code: ''}))")
    sheet.reload()
    draw(sheet)
    expect(sheet.get_by_text("Help it learn")).to_be_visible()


def test_consent_can_be_taken_back_and_the_code_stays(sheet: Page) -> None:
    draw(sheet)
    agree(sheet)
    sheet.get_by_role("button", name="is right").click()
    expect(sheet.get_by_text("Thank you!")).to_be_visible()

    sheet.get_by_role("button", name="Stop donating").click()

    stroke(sheet, CROSS[0])
    expect(sheet.get_by_text("Help it learn")).to_be_visible()
    expect(sheet.get_by_role("button", name="is right")).to_be_hidden()
    expect(sheet.locator("[data-part=code]")).to_be_visible()
    assert Drawing.objects.count() == 1


def test_another_stroke_asks_anew_and_a_clear_sheet_not_at_all(sheet: Page) -> None:
    draw(sheet)
    agree(sheet)
    sheet.get_by_role("button", name="is right").click()
    expect(sheet.get_by_text("Thank you!")).to_be_visible()

    stroke(sheet, CROSS[0])
    expect(sheet.get_by_role("button", name="is right")).to_be_visible()
    sheet.get_by_role("button", name="Clear").click()
    expect(sheet.get_by_role("button", name="is right")).to_be_hidden()


def test_a_refusal_is_said_and_the_drawing_can_be_donated_again(sheet: Page) -> None:
    draw(sheet)
    agree(sheet)
    sheet.route("**/api/drawings", lambda route: route.fulfill(status=429, json={"error": "Wait a little."}))
    sheet.get_by_role("button", name="is right").click()
    expect(sheet.get_by_text("Wait a little.")).to_be_visible()

    sheet.unroute("**/api/drawings")
    sheet.get_by_role("button", name="is right").click()
    expect(sheet.get_by_text("Thank you!")).to_be_visible()
    assert Drawing.objects.count() == 1


def test_a_drawing_is_taken_back_at_once_and_the_others_stay(sheet: Page) -> None:
    draw(sheet)
    agree(sheet)
    sheet.get_by_role("button", name="is right").click()
    expect(sheet.get_by_text("Thank you!")).to_be_visible()
    first = Drawing.objects.get().pk
    stroke(sheet, CROSS[0])
    sheet.get_by_role("button", name="is right").click()
    expect(sheet.get_by_text("Thank you!")).to_be_visible()
    assert Drawing.objects.count() == 2

    sheet.get_by_role("button", name="Take it back").click()
    expect(sheet.get_by_text("Taken back: the drawing is deleted.")).to_be_visible()
    assert [drawing.pk for drawing in Drawing.objects.all()] == [first]
    expect(sheet.get_by_role("button", name="is right")).to_be_visible()


def test_drawings_are_reviewed_by_keys(sheet: Page, live_server: LiveServer, admin_client: Client) -> None:
    draw(sheet)
    agree(sheet)
    sheet.get_by_role("button", name="is right").click()
    expect(sheet.get_by_text("Thank you!")).to_be_visible()
    sheet.reload()
    draw(sheet)
    sheet.get_by_label("Another letter").select_option("Ж")
    sheet.get_by_role("button", name="It is Ж").click()
    expect(sheet.get_by_text("Kept as Ж. Thank you!")).to_be_visible()
    cookie = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    sheet.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    sheet.goto(f"{live_server.url}/drawings/review/")
    sheet.wait_for_selector("#review[data-listening]")
    newest, oldest = sheet.locator(".tile").all()
    for key, action in (("Delete", "reject"), ("Control+z", ""), ("i", "relabel"), ("Control+z", "")):
        sheet.keyboard.press("ArrowLeft")
        sheet.keyboard.press(key)  # “i” is where Ш is on a Russian keyboard
        expect(newest).to_have_attribute("data-action", action)
    sheet.keyboard.press("ArrowRight")
    sheet.keyboard.press("Enter")
    expect(oldest).to_have_attribute("data-action", "accept")
    newest.get_by_role("button", name="Change to").click()
    expect(newest).to_have_attribute("data-action", "relabel")
    assert set(Drawing.objects.values_list("state", flat=True)) == {"accepted"}
