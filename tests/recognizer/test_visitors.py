"""Who asks, also behind proxies: limits and log-ins count the visitor, not the proxy, and nobody can say who he is."""

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from recognizer.visitors import VisitorMiddleware, address, network
from recognizer.web import limits
from tests.rates import allow_in_an_hour

PROXY = "10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "said", "found"),
    [
        (0, "1.2.3.4", PROXY),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (2, "1.2.3.4", PROXY),
        (1, "", PROXY),
        (1, "<script>", PROXY),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_only_our_proxies_are_believed(settings: Settings, proxies: int, said: str, found: str) -> None:
    settings.PROPIS_PROXIES = proxies
    assert address({"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": said}) == found


def test_a_visitor_has_all_addresses_of_his_ipv6_network() -> None:
    assert network("2001:db8:1:2:aaaa::1") == network("2001:db8:1:2:bbbb::2") != network("2001:db8:1:3::1")
    assert network("::ffff:1.2.3.4") == network("1.2.3.4") == "1.2.3.4"


def test_the_site_sees_the_visitor_once(settings: Settings) -> None:
    settings.PROPIS_PROXIES = 1
    request = RequestFactory().get("/", headers={"x-forwarded-for": "1.2.3.4"}, REMOTE_ADDR=PROXY)
    answer = VisitorMiddleware(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))(request)
    assert isinstance(answer, HttpResponse)
    assert answer.text == "1.2.3.4"
    assert address(request.META) == "1.2.3.4"


@pytest.mark.django_db
def test_behind_a_proxy_each_visitor_has_his_own_rate(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PROPIS_PROXIES = 1
    allow_in_an_hour(monkeypatch, 1, limits.READING_RATE)

    def read(visitor: str) -> int:
        drawing = {"strokes": [[[0, 0], [1, 1]]]}
        return client.post(
            "/api/recognize", drawing, "application/json", headers={"x-forwarded-for": visitor}
        ).status_code

    assert [read("1.2.3.4"), read("1.2.3.4"), read("1.2.3.5")] == [200, 429, 200]


@pytest.mark.django_db
class TestLogIn:
    """Failures lock out a name at an address, and an address that tries more names than a class has."""

    @pytest.fixture(autouse=True)
    def head(self, settings: Settings) -> None:
        """Somebody who may sign in, and one proxy."""
        settings.PROPIS_PROXIES = 1
        get_user_model().objects.create_superuser("head", "head@example.org", "a long password")

    def sign_in(self, visitor: str, name: str = "head", password: str = "a long password") -> int:
        """Try to; returns the status."""
        return (
            Client()
            .post("/admin/login/", {"username": name, "password": password}, headers={"x-forwarded-for": visitor})
            .status_code
        )

    def test_nobody_locks_another_out_who_comes_through_the_same_proxy(self, settings: Settings) -> None:
        settings.AXES_FAILURE_LIMIT = 2
        assert [self.sign_in("6.6.6.6", password=f"guess {n}") for n in range(3)][-1] == 429
        assert self.sign_in("6.6.6.6") == 429
        assert self.sign_in("1.2.3.4") == 302

    def test_a_class_that_mistypes_is_let_in(self, settings: Settings) -> None:
        for number in range(60):
            assert self.sign_in("1.2.3.4", name=f"pupil {number}", password="mistyped") == 200
        assert self.sign_in("1.2.3.4") == 302

    def test_one_who_tries_very_many_names_is_locked_out_whole(self, settings: Settings) -> None:
        settings.PROPIS_LOCKOUT_NAMES = 20
        codes = [self.sign_in("6.6.6.6", name=f"name {number}", password="123456") for number in range(22)]
        assert codes[:20] == [200] * 20
        assert codes[-1] == 429
        assert self.sign_in("6.6.6.6") == 429
        assert self.sign_in("1.2.3.4") == 302
