"""Putting a model in service and rolling back from its page: by who may, with an answer that says what reads now."""

import pytest
from django.test import Client

from recognizer import services
from recognizer.models import StoredModel

pytestmark = pytest.mark.django_db


@pytest.fixture
def models(db: None) -> tuple[StoredModel, StoredModel]:
    """The model in service, and another one."""
    services.add_shipped()
    other = StoredModel.objects.filter(is_active=False)[0]
    return StoredModel.objects.get(is_active=True), other


def test_a_model_is_put_in_service_and_rolled_back(
    admin_client: Client, models: tuple[StoredModel, StoredModel]
) -> None:
    before, other = models
    page = admin_client.post(f"/models/{other.pk}/put-in-service/", follow=True)
    assert page.redirect_chain[-1][0] == other.get_absolute_url()
    assert f"“{other.name}” reads letters from now on." in page.text
    assert StoredModel.objects.get(is_active=True) == other
    page = admin_client.post(f"/models/{other.pk}/roll-back/", follow=True)
    assert page.redirect_chain[-1][0] == before.get_absolute_url()
    assert StoredModel.objects.get(is_active=True) == before


def test_who_looked_at_a_model_that_has_gone_since_rolls_nothing_back(
    admin_client: Client, models: tuple[StoredModel, StoredModel]
) -> None:
    before, other = models
    services.activate(other)
    page = admin_client.post(f"/models/{before.pk}/roll-back/", follow=True)
    assert "so nothing was rolled back" in page.text
    assert StoredModel.objects.get(is_active=True) == other


def test_actions_are_offered_to_who_may(
    admin_client: Client, client: Client, models: tuple[StoredModel, StoredModel]
) -> None:
    before, other = models
    offered = ("put-in-service/", "compression/add/", "benchmarks/new/", "evaluation/add/")
    pages = {who: who.get(other.get_absolute_url()).text for who in (admin_client, client)}
    assert [each in pages[admin_client] for each in offered] == [True] * 4
    assert [each in pages[client] for each in offered] == [False] * 4
    assert "roll-back/" in admin_client.get(before.get_absolute_url()).text


def test_a_model_stands_beside_what_was_made_from_it(client: Client, models: tuple[StoredModel, StoredModel]) -> None:
    child = StoredModel.objects.exclude(parent=None).select_related("parent")[0]
    assert child.parent
    for model in (child, child.parent):
        page = client.get(model.get_absolute_url()).text
        table = page[page.index('id="relatives"') :].partition("</table>")[0]
        assert child.name in table
        assert child.parent.name in table
        assert "µs" in table
