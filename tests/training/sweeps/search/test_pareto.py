"""What the page of a sweep draws and tells, and its files."""

import csv
import io
import json

import pytest
from django.test import Client

from tests.training.sweeps.conftest import MakeSweep
from tests.training.sweeps.search.test_deciding import MANY, claim, end, fresh, play
from training.jobs.models import State
from training.runs.models import Epoch
from training.sweeps.models import Sweep, Trial
from training.sweeps.search.importance import importances
from training.sweeps.web import charts, heat_map, summary

pytestmark = pytest.mark.django_db(transaction=True)
TWO = {"l2": [0, 1, 2], "dropout": [0, 0.1, 0.2]}


def trials(sweep: Sweep) -> list[Trial]:
    """All trials with their runs."""
    return list(sweep.trials.select_related("run"))


def l2_matters(make_sweep: MakeSweep) -> Sweep:
    """A sweep whose accuracy depends on L2 alone."""
    sweep = make_sweep(TWO)
    play(sweep, [0.9, 0.9, 0.9, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1])
    return fresh(sweep)


def test_history(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    play(sweep, [0.5, 0.7, None, 0.6])
    best, each = charts.page_data(sweep, trials(sweep))["charts"]["history"]["series"]
    assert each["points"] == [(1, 0.5), (2, 0.7), (4, 0.6)]
    assert best["points"] == [(1, 0.5), (2, 0.7), (4, 0.7)]


def test_curves_are_thinned_and_the_best_lies_above(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    for accuracy in (0.7, 0.5):
        run = claim(sweep)
        Epoch.objects.bulk_create(
            Epoch(
                run=run,
                epoch=e,
                train_cost=1,
                train_accuracy=0,
                validation_cost=1,
                validation_accuracy=e / 1000,
                seconds=1,
            )
            for e in range(1, 201)
        )
        type(run).objects.filter(pk=run.pk).update(epoch=200)
        end(run, accuracy)
    series = charts.page_data(sweep, trials(sweep))["charts"]["intermediate"]["series"]
    assert [bool(each["label"]) for each in series] == [False, True]
    assert len(series[0]["points"]) <= charts.MAX_POINTS + 1
    assert (series[0]["points"][0], series[0]["points"][-1]) == ((1, 0.001), (200, 0.2))


def test_importance_names_what_mattered(make_sweep: MakeSweep) -> None:
    sweep = l2_matters(make_sweep)
    shares = importances(sweep, trials(sweep))
    assert [name for name, _share in shares] == ["l2", "dropout"]
    assert shares[0][1] > 0.9
    assert sum(share for _name, share in shares) == pytest.approx(1)
    chart = charts.page_data(sweep, trials(sweep))["charts"]["importance"]
    assert chart["labels"][0] == "L2 λ"


def test_importance_of_trials_that_are_all_alike(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(TWO)
    play(sweep, [0.5] * 9)
    assert len(importances(sweep, trials(sweep))) == 2


def test_importance_waits_for_enough_trials(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(TWO)
    play(sweep, [0.9, 0.8])
    assert importances(sweep, trials(sweep)) == []
    assert "importance" not in charts.page_data(sweep, trials(sweep))["charts"]


def test_the_front_of_two_objectives(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"hidden_layers": [[4], [8], [16]]}, objectives=("accuracy", "parameters"))
    play(sweep, [0.5, 0.4, 0.7])
    every, front = charts.page_data(sweep, trials(sweep))["charts"]["front"]["series"]
    assert (len(every["points"]), [accuracy for _x, accuracy in front["points"]]) == (3, [0.5, 0.7])


def test_parallel_coordinates(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": {"low": 0.1, "high": 9, "log": True}, "hidden_layers": [[8], [4, 4]]}, strategy="random")
    play(sweep, [0.5, None, 0.25])
    drawn = charts.page_data(sweep, trials(sweep))["parallel"]
    assert [axis["label"] for axis in drawn["axes"]] == ["L2 λ", "Hidden layers", "last validation accuracy"]
    assert drawn["axes"][0]["log"]
    assert drawn["axes"][1]["words"] == ["8", "4-4"]
    assert [line["values"][-1] for line in drawn["lines"]] == [0.5, 0.25]
    assert [line.get("best", False) for line in drawn["lines"]] == [True, False]
    assert drawn["lines"][0]["values"][1] in ("8", "4-4")


def test_a_heat_map_of_chosen_hyperparameters(client: Client, make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [0, 1], "seed": [1, 2], "dropout": [0, 0.1]})
    play(sweep, [number / 10 for number in range(8)])
    table = heat_map.build(sweep, trials(sweep), sweep.best(), "dropout", "l2")
    assert (table.row, table.column, table.others) == ("dropout", "l2", ("Seed",))
    assert [[cell.accuracy for cell in cells] for _name, cells in table.rows] == [[0.2, 0.6], [0.3, 0.7]]
    page = client.get(f"/sweeps/{sweep.pk}/heat/?row=dropout&column=l2").content.decode()
    assert "Rows: Dropout. Columns: L2 λ." in page
    assert client.get(f"/sweeps/{sweep.pk}/heat/?row=nonsense&column=<script>").status_code == 286
    assert "Rows: Dropout" in client.get(f"/sweeps/{sweep.pk}/?row=dropout&column=l2").content.decode()


def test_a_range_is_shown_in_classes(make_sweep: MakeSweep) -> None:
    space = {"learning_rate": {"low": 1e-6, "high": 1, "log": True}}
    sweep = make_sweep(space, strategy="quasi-random", max_trials=40)
    play(sweep, [0.5] * 40)
    table = heat_map.build(sweep, trials(sweep), sweep.best())
    assert len(table.rows) == heat_map.INTERVALS
    assert all(cells[0].trial for _name, cells in table.rows), "each class has some"


def test_what_was_learnt(make_sweep: MakeSweep) -> None:
    sweep = l2_matters(make_sweep)
    told = summary.learnt(sweep, trials(sweep))
    assert told[0].startswith(
        "The best reads 90.00% of the validation letters after its last epoch, with L2 λ 0, Dropout 0 (run "
    )
    assert "L2 λ mattered most" in told[1]
    assert "The best 2 trials all have L2 λ 0." in told
    assert told[-1] == "The search has ended: the limit of trials is reached."


def test_what_repeats_say(make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [0, 1]}, repeat_best=2, repeats=2)
    play(sweep, [0.9, 0.5, 0.92, 0.91, 0.5, 0.51])
    assert any("comes first: 91.00% ± 1.00 points" in each for each in summary.learnt(sweep, trials(sweep)))
    close = make_sweep({"l2": [0, 1]}, repeat_best=2, repeats=2)
    play(close, [0.9, 0.89, 0.92, 0.85, 0.9, 0.88])
    assert any("either will do" in each for each in summary.learnt(close, trials(close)))


def test_idle_trials_are_reported_while_it_searches(make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    play(sweep, [0.9, 0.5, 0.5, 0.5])
    assert summary.learnt(sweep, trials(sweep))[-1] == "3 trials in a row have gained nothing."


def test_the_page_tells_the_story(client: Client, make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [0, 1]}, strategy="one-at-a-time")
    play(sweep, [0.5, 0.75])
    page = client.get(sweep.get_absolute_url()).content.decode()
    assert "L2 λ (0: 50.00%, 1: 75.00%): 1 is kept instead of 0, 25.00 points better." in page


def test_files(client: Client, make_sweep: MakeSweep) -> None:
    sweep = make_sweep({"l2": [0, 1], "hidden_layers": [[8], [4, 4]]})
    play(sweep, [0.5, None, 0.75, 0.25])
    answer = client.get(f"/sweeps/{sweep.pk}/trials.csv")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row["validation_accuracy"] for row in rows] == ["0.5", "", "0.75", "0.25"]
    assert [row["hidden_layers"] for row in rows] == ["8", "4-4", "8", "4-4"]
    assert all(row["started_at"] and row["seconds"] for row in rows)
    content = json.loads(client.get(f"/sweeps/{sweep.pk}/sweep.json").content)
    assert content["best"]["values"] == {"l2": 1.0, "hidden_layers": [8]}
    assert (content["state"], content["reason"], len(content["trials"])) == ("succeeded", "trials", 4)
    assert client.get(f"/sweeps/{sweep.pk}/figures.json").json()["running"] is False


def test_a_sweep_without_any_result(client: Client, make_sweep: MakeSweep) -> None:
    sweep = make_sweep(TWO)
    for path in ("", "live/", "heat/", "figures.json", "trials.csv", "sweep.json"):
        assert client.get(f"/sweeps/{sweep.pk}/{path}").status_code == 200


def test_hundreds_of_trials_answer_in_few_queries(
    client: Client, make_sweep: MakeSweep, django_assert_max_num_queries: object
) -> None:
    sweep = make_sweep({"l2": [float(value) for value in range(300)]})
    play(sweep, [0.5] * 3)
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        assert client.get(sweep.get_absolute_url()).status_code == 200


def test_actions_on_the_page(client: Client, admin_client: Client, make_sweep: MakeSweep) -> None:
    sweep = make_sweep(MANY)
    url = sweep.get_absolute_url()
    for action in ("pause", "resume", "stop", "extend", "trial"):
        assert client.post(f"{url}{action}/").status_code in (302, 403)
        assert admin_client.get(f"{url}{action}/").status_code == 405
    assert fresh(sweep).progress.state == State.QUEUED
    for action, state, words in (
        ("pause", State.PAUSED, "The sweep is pausing"),
        ("pause", State.PAUSED, "nothing was done"),
        ("resume", State.QUEUED, "The sweep is resumed"),
    ):
        page = admin_client.post(f"{url}{action}/", follow=True).content.decode()
        assert words in page
        assert fresh(sweep).progress.state == state
    play(sweep, [0.5])
    assert "No further trials" in admin_client.post(f"{url}stop/", follow=True).content.decode()
    assert "allow more than that" in admin_client.post(f"{url}extend/", {"max_trials": 2}, follow=True).content.decode()
    assert "target" in admin_client.post(f"{url}extend/", {"target": 7}, follow=True).content.decode()
    assert "is resumed" in admin_client.post(f"{url}extend/", {"max_trials": 10}, follow=True).content.decode()
    page = admin_client.post(f"{url}trial/", {"l2": "4.5"}, follow=True).content.decode()
    assert "waits for a worker" in page
    assert ">4.5<" in page
    assert "must be a number" in admin_client.post(f"{url}trial/", {"l2": "much"}, follow=True).content.decode()
    assert "l2: This field is required" in admin_client.post(f"{url}trial/", {}, follow=True).content.decode()
