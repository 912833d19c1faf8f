"""The admin's look: its sidebar shows what a person may see and leads to the public pages."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client


@pytest.fixture
def administrator(client: Client, db: None) -> Client:
    """Signed in with every permission."""
    client.force_login(get_user_model().objects.create_superuser("head", "head@example.org", "a long password"))
    return client


def test_every_model_stands_under_a_subject(administrator: Client) -> None:
    page = administrator.get("/admin/")
    assert page.status_code == 200
    groups = {str(group["title"]): group["items"] for group in page.context["sidebar_navigation"]}
    assert groups["Other"] == []
    for title in ("Letters", "Data", "Training", "Devices", "People"):
        assert groups[title], title
    public = [item["link"] for item in groups["Public pages"]]
    assert public == ["/", "/overview/", "/models/", "/runs/", "/sweeps/", "/data/", "/devices/"]
    assert [administrator.get(link).status_code for link in public] == [200] * len(public)


def test_the_sidebar_hides_what_is_not_allowed(client: Client, db: None) -> None:
    client.force_login(get_user_model().objects.create_user("clerk", is_staff=True))
    groups = client.get("/admin/").context["sidebar_navigation"]
    assert [str(group["title"]) for group in groups if group["items"]] == ["Public pages"]


def test_the_admin_wears_the_colours_of_the_pages(administrator: Client) -> None:
    page = administrator.get("/admin/").text
    assert "css/admin.css" in page
    assert "img/favicon.svg" in page
    assert "rgb(61, 55, 168)" in page  # the ink of static/css/tokens.css
