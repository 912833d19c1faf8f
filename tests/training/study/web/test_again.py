"""“Run it again with …”: the form has the recipe of the row, for those who may train."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from training.datasets.models import Dataset
from training.runs.web.forms import RunForm
from training.study.experiments import EXPERIMENTS
from training.study.web import again

pytestmark = pytest.mark.django_db


def test_the_form_of_every_row_has_its_recipe(dataset: Dataset) -> None:
    for experiment in EXPERIMENTS.values():
        for row in experiment.rows:
            recipe = again.recipe_of(experiment, row, dataset)
            data = dict(parse_qsl(urlsplit(again.address(recipe, dataset)).query))
            form = RunForm({**data, "datasets": [data["datasets"]], "priority": "0"})
            assert form.is_valid(), dict(form.errors)
            assert form.cleaned_data["hyperparameters"] == recipe
            assert list(form.cleaned_data["datasets"]) == [dataset]


def test_the_form_is_filled_in(admin_client: Client, dataset: Dataset) -> None:
    experiment = EXPERIMENTS["relu"]
    address = again.address(again.recipe_of(experiment, experiment.rows[0], dataset), dataset)
    form = admin_client.get(address, follow=True).context["adminform"].form
    assert form["l2"].value() == str(again.recipe_of(experiment, experiment.rows[0], dataset).l2)
    assert [str(key) for key in form["datasets"].value()] == [str(dataset.pk)]


def test_only_who_may_train_is_offered_it(client: Client, admin_client: Client) -> None:
    link = "/runs/new/?preset="
    assert link not in client.get("/study/").content.decode()
    page = admin_client.get("/study/").content.decode()
    assert page.count(link) == sum(len(experiment.rows) for experiment in EXPERIMENTS.values())
