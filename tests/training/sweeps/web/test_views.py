"""Pages and admin of sweeps."""

import re

import pytest
from django.test import Client

from recognizer.models import StoredModel
from tests.training.sweeps.conftest import MakeSweep, TrainAll
from tests.training.sweeps.search.test_deciding import play
from training.datasets.models import Dataset
from training.jobs.models import State
from training.runs.models import Run
from training.sweeps import services
from training.sweeps.models import Sweep
from training.sweeps.web import heat_map

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {
    "sweep-name": "",
    "sweep-preset": "small",
    "sweep-strategy": "grid",
    "sweep-vary_learning_rate": "0.1, 0.01",
    "sweep-vary_hidden_layers": "8; 16-8",
    "sweep-changes": "epochs=1\nbatch_size=16",
}


def test_the_list(client: Client, make_sweep: MakeSweep) -> None:
    assert "No sweeps yet" in client.get("/sweeps/").content.decode()
    make_sweep(name="older")
    play(make_sweep(name="newer"), [0.875] * 4)
    page = client.get("/sweeps/").content.decode()
    assert page.index("newer") < page.index("older")
    assert "87.50%" in page
    assert "4 / 4" in page
    assert "0 / 4" in page


def test_the_page_follows_the_sweep_to_its_end(client: Client, make_sweep: MakeSweep, train_all: TrainAll) -> None:
    sweep = make_sweep()
    assert b"hx-get" in client.get(sweep.get_absolute_url()).content
    assert client.get(f"/sweeps/{sweep.pk}/live/").status_code == 200
    train_all()
    answer = client.get(f"/sweeps/{sweep.pk}/live/")
    assert answer.status_code == 286
    page = answer.content.decode()
    assert "hx-get" not in page
    assert page.count("badge-succeeded") == 5
    best = Sweep.objects.get().best()
    assert best is not None
    assert f'href="{best.run.get_absolute_url()}"' in page


def test_last_and_best_accuracy_are_distinguished(client: Client, make_sweep: MakeSweep) -> None:
    sweep = make_sweep(name="two figures")
    play(sweep, [0.8303], best_validation_accuracy=0.8424)
    page = " ".join(client.get(sweep.get_absolute_url()).content.decode().split())
    assert "last validation accuracy</a></dt><dd>83.03%</dd>" in page
    assert "<dt>best validation accuracy</dt><dd>84.24%</dd>" in page
    heads = re.findall(r'<th scope="col" class="number">(Last|Best) validation accuracy</th>', page)
    assert heads == ["Last", "Best"], "in the list of trials"
    assert page.index('best">83.03%</td>') < page.index('">84.24%</td>')
    listed = client.get("/sweeps/").content.decode()
    assert "Highest last validation accuracy" in listed
    assert "83.03%" in listed


def test_the_buttons_are_sent_again_only_when_they_change(
    admin_client: Client, make_sweep: MakeSweep, train_all: TrainAll
) -> None:
    sweep = make_sweep()
    page = admin_client.get(sweep.get_absolute_url()).content.decode()
    asked = re.search(r'hx-get="([^"]*/live/[^"]*)"', page)
    assert asked is not None
    assert page.count('id="actions"') == 1
    assert 'id="actions"' not in admin_client.get(asked[1]).content.decode()
    services.pause(sweep)
    changed = admin_client.get(asked[1]).content.decode()
    assert 'id="actions" hx-swap-oob="true"' in changed
    assert "Resume" in changed
    services.resume(sweep)
    train_all()
    ended = admin_client.get(asked[1]).content.decode()
    assert 'id="actions" hx-swap-oob="true"' in ended
    assert "Cancel" not in ended


def test_the_two_way_table(make_sweep: MakeSweep) -> None:
    sweep = make_sweep()
    play(sweep, [0.5, 0.9, 0.7, 0.1])
    trials = list(sweep.trials.select_related("run"))
    table = heat_map.build(sweep, trials, sweep.best())
    assert (table.row_name, table.column_name) == ("Learning rate η", "Hidden layers")
    assert table.columns == ("8", "4-4")
    assert [(name, [cell.accuracy for cell in cells]) for name, cells in table.rows] == [
        ("0.1", [0.5, 0.9]),
        ("1e-07", [0.7, 0.1]),
    ]
    levels = [cell.level for _name, cells in table.rows for cell in cells]
    assert levels == [5, 9, 7, 1]
    assert [cell.is_best for _name, cells in table.rows for cell in cells] == [False, True, False, False]


def test_one_hyperparameter_and_three(make_sweep: MakeSweep) -> None:
    one = make_sweep({"l2": [0, 1, 2]})
    table = heat_map.build(one, list(one.trials.select_related("run")), None)
    assert (table.columns, len(table.rows)) == (("",), 3)
    services.stop(one)
    three = make_sweep({"l2": [0, 1], "seed": [1, 2], "dropout": [0, 0.1]})
    play(three, [0.5] * 8)
    for number, run in enumerate(three.runs()):
        Run.objects.filter(pk=run.pk).update(validation_accuracy=number / 10)
    table = heat_map.build(three, list(three.trials.select_related("run")), None)
    assert table.others == ("Dropout",)
    assert [[cell.accuracy for cell in cells] for _name, cells in table.rows] == [[0.1, 0.3], [0.5, 0.7]]


def test_a_failed_trial_has_no_accuracy(client: Client, make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [0, 1]})
    Run.objects.update(state=State.FAILED, validation_accuracy=0.25, error="It diverged.")
    page = client.get(sweep.get_absolute_url()).content.decode()
    assert re.search(r"heat-\d", page) is None
    assert "It diverged." in page


def test_cancel(client: Client, admin_client: Client, make_sweep: MakeSweep) -> None:
    sweep = make_sweep()
    assert client.post(f"/sweeps/{sweep.pk}/cancel/").status_code in (302, 403)
    assert admin_client.get(f"/sweeps/{sweep.pk}/cancel/").status_code == 405
    assert Run.objects.filter(state=State.CANCELLED).count() == 0
    answer = admin_client.post(f"/sweeps/{sweep.pk}/cancel/", follow=True)
    assert "2 trials are being cancelled." in answer.content.decode()
    assert Run.objects.filter(state=State.CANCELLED).count() == 2


def test_the_best_goes_into_the_catalogue(admin_client: Client, make_sweep: MakeSweep, train_all: TrainAll) -> None:
    sweep = make_sweep()
    page = admin_client.post(f"/sweeps/{sweep.pk}/publish/", follow=True).content.decode()
    assert "No trial of this sweep has succeeded yet." in page
    train_all()
    admin_client.post(f"/sweeps/{sweep.pk}/publish/")
    best = sweep.best()
    assert best is not None
    assert best.run.stored_model == StoredModel.objects.get()
    assert best.run.test_accuracy is not None


def test_a_sweep_is_started_by_its_form(admin_client: Client, dataset: Dataset) -> None:
    assert admin_client.get("/admin/sweeps/sweep/add/").status_code == 200
    answer = admin_client.post("/admin/sweeps/sweep/add/", {**FORM, "sweep-dataset": dataset.pk})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    sweep = Sweep.objects.get()
    assert answer.headers["Location"] == sweep.get_absolute_url()
    assert sweep.space == {"learning_rate": [0.1, 0.01], "hidden_layers": [[8], [16, 8]]}
    assert (sweep.base["epochs"], sweep.base["batch_size"], sweep.preset) == (1, 16, "small")
    assert sweep.created_by is not None
    assert sweep.trials.count() == 2


def test_further_data_sets_are_chosen_in_the_form(
    admin_client: Client, client: Client, dataset: Dataset, other_dataset: Dataset
) -> None:
    chosen = {"sweep-dataset": other_dataset.pk, "sweep-further": [dataset.pk, other_dataset.pk]}
    answer = admin_client.post("/admin/sweeps/sweep/add/", {**FORM, **chosen})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    sweep = Sweep.objects.get()
    assert sweep.datasets == [other_dataset, dataset]
    page = client.get(sweep.get_absolute_url()).text
    assert all(each.get_absolute_url() in page for each in sweep.datasets)
    assert "more +1" in client.get("/sweeps/").text


@pytest.mark.parametrize(
    ("field", "value", "shown_at", "words"),
    [
        ("vary_learning_rate", "0.1, -1", "vary_learning_rate", "between"),
        ("vary_learning_rate", ",", "vary_learning_rate", "at least one value"),
        ("vary_learning_rate", "0.1 … 0.01", "vary_learning_rate", "must be below"),
        ("vary_learning_rate", "0.01 … 0.1", "vary_learning_rate", "no end over a range"),
        ("vary_learning_rate", "0.01 … 0.1 often", "vary_learning_rate", "“often”"),
        ("vary_hidden_layers", "abc", "vary_hidden_layers", "whole number"),
        ("vary_hidden_layers", "9" * 2001, "vary_hidden_layers", "2000 characters"),
        ("vary_seed", "0 … 900 501", "__all__", "2004 trials"),
        ("vary_output", "sigmoid", "vary_output", "softmax"),
        ("max_trials", "2", "__all__", "4 trials, and at most 2"),
        ("max_trials", "0", "max_trials", "between 1 and 2000"),
        ("max_hours", "-1", "max_hours", "above 0"),
        ("target", "95", "target", "at most 1"),
        ("patience", "x", "patience", "whole number"),
        ("parallel", "1000", "parallel", "between"),
        ("strategy", "oracle", "strategy", "valid choice"),
        ("second_objective", "accuracy", "second_objective", "valid choice"),
        ("repeats", "3", "repeats", "both"),
        ("prune", "axe", "prune", "valid choice"),
        ("seed", "-3", "seed", "between"),
        ("changes", "epochs", "changes", "name=value"),
        ("changes", "epochs=1\nepochs=2", "changes", "epochs is named twice"),
        ("changes", "learning_rate=0.1", "vary_learning_rate", "varied and given a value as well"),
        ("changes", "epochs=1000000000", "changes", "between"),
        ("changes", "epoch=1", "changes", "Did you mean"),
        ("dataset", "99", "dataset", "valid choice"),
    ],
)
def test_the_form_names_the_field(
    admin_client: Client, dataset: Dataset, field: str, value: str, shown_at: str, words: str
) -> None:
    form = {**FORM, "sweep-dataset": dataset.pk, f"sweep-{field}": value}
    answer = admin_client.post("/admin/sweeps/sweep/add/", form)
    assert answer.status_code == 200
    assert words in str(answer.context["adminform"].form.errors[shown_at])
    assert not Sweep.objects.exists()


def test_admin_list_rename_and_delete(admin_client: Client, make_sweep: MakeSweep) -> None:
    sweep = make_sweep()
    assert admin_client.get("/admin/sweeps/sweep/").status_code == 200
    url = f"/admin/sweeps/sweep/{sweep.pk}/"
    admin_client.post(f"{url}change/", {"name": "A better name"})
    sweep.refresh_from_db()
    assert sweep.name == "A better name"
    for action, state in (("pause", State.PAUSED), ("resume", State.QUEUED), ("cancel", State.CANCELLED)):
        admin_client.post("/admin/sweeps/sweep/", {"action": action, "_selected_action": [sweep.pk]})
        assert Sweep.objects.get().progress.state == state
    assert Sweep.objects.get().progress.state == State.CANCELLED
    admin_client.post(f"{url}delete/", {"post": "yes"})
    assert not Sweep.objects.exists()
    assert not Run.objects.exists()


@pytest.mark.parametrize("path", ["/sweeps/99/", "/sweeps/99/live/"])
def test_what_is_not_there(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
