"""Buttons of the public pages: for the same people as those of the admin, and shown to nobody else."""

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tests.hwrsite.rights.people import People
from tests.hwrsite.rights.rules import LIKE_THE_ADMIN, right_of, rule_of
from training.cleaning.models import Cleaning, NewVersion
from training.datasets.models import Dataset, DatasetImport
from training.jobs.models import State
from training.runs.models import Run
from training.sweeps.models import Phase, Sweep

pytestmark = pytest.mark.django_db
BUTTONS: dict[str, tuple[str, type[Model], dict[str, str]]] = {
    **{name: ("sweeps:detail", Sweep, {}) for name in LIKE_THE_ADMIN if name.startswith("sweeps:")},
    "runs:act": ("runs:detail", Run, {"action": "cancel"}),
    "datasets:import-cancel": ("datasets:import", DatasetImport, {}),
    "cleaning:start": ("cleaning:review", Dataset, {}),
    "cleaning:cleaning-cancel": ("cleaning:cleaning", Cleaning, {}),
    "cleaning:version-cancel": ("cleaning:version", NewVersion, {}),
}
"""Each button's page, the row of both, and what its address says besides."""


@pytest.mark.parametrize("name", LIKE_THE_ADMIN)
def test_a_button_needs_what_the_admin_asks_for(name: str) -> None:
    """Together with the walk over all addresses, which tries whether the rules hold."""
    model, action = LIKE_THE_ADMIN[name]
    of_admin = rule_of(f"admin:{model}_add").send if action == "add" else right_of(model, action)
    assert rule_of(name).send == of_admin


@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_is_shown_to_those_who_may_use_it(people: People, name: str) -> None:
    page, kind, more = BUTTONS[name]
    _let_it_be_usable(name, kind)
    key = kind._default_manager.values_list("pk", flat=True)[0]
    address, button = reverse(page, args=[key]), f'action="{reverse(name, kwargs={"pk": key, **more})}"'
    right = rule_of(name).send

    def shown_to(client: Client) -> bool:
        return button in client.get(address).content.decode()

    assert [shown_to(each) for each in (people.only(right), people.administrator())] == [True, True]
    assert [shown_to(each) for each in (people.visitor(), people.viewer(), people.without(right))] == [False] * 3


def _let_it_be_usable(name: str, kind: type[Model]) -> None:
    """Let what the button acts on be in a state for it."""
    if kind is Sweep:
        Sweep.objects.update(phase=Phase.PAUSED if name == "sweeps:resume" else Phase.SEARCHING)
    elif kind is not Dataset:
        kind._default_manager.update(state=State.QUEUED)
