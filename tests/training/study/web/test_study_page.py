"""The study page: its figures are those that are stored, and no verdict stands without them."""

import dataclasses
import html
import json
import re
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.training.study.conftest import TINY
from tests.training.study.test_command import study
from training.datasets.models import Dataset
from training.datasets.services import delete_datasets
from training.study import results, story, thesis_split, weighted_sums
from training.study.experiments import EXPERIMENTS
from training.study.reporting import ExperimentFigures
from training.study.templatetags.study_format import best_epoch
from training.study.web.charts import MOST_POINTS, curves_chart, curves_table, story_chart, thinned

pytestmark = pytest.mark.django_db(transaction=True)


def page_rows(page: str) -> list[list[str]]:
    """The texts of the cells of every row of the page's tables."""
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)]
    return [[re.sub(r"<[^>]+>|&nbsp;", " ", cell).strip() for cell in row] for row in cells]


def all_rows(found: list[ExperimentFigures]) -> list[Any]:
    return [row for each in found for row in each["rows"]]


def test_every_row_of_every_experiment_stands_on_the_page(client: Client) -> None:
    page = client.get("/study/").content.decode()
    shown = page_rows(page)
    for experiment in EXPERIMENTS.values():
        for row in experiment.rows:
            assert [row.label] in [cells[:1] for cells in shown]


def test_figures_of_the_page_are_the_stored_ones(client: Client) -> None:
    shown = {tuple(cells) for cells in page_rows(client.get("/study/").content.decode())}
    for row in all_rows(results.results()):
        with_label = [cells for cells in shown if cells[0] == row["row"] and len(cells) in (7, 8)]
        ours = "—" if row["monitored"] is None else f"{row['monitored']:.2f}"
        assert any(cells[2].split()[0] == ours for cells in with_label), row["row"]


def test_no_verdict_without_a_stored_run() -> None:
    for row in all_rows(results.results()):
        runs = [run for run in row["runs"] if run["best_monitored"] is not None]
        assert bool(runs) >= (row["verdict"] is not None)
        assert (row["monitored"] is None) == (not runs)


def test_trained_here_stands_before_what_was_published(
    tiny: Dataset, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    monkeypatch.setattr(results, "EXPERIMENTS", {"tiny": TINY})
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "docs" / "figures"
    folder.mkdir(parents=True)
    study("tiny", "--save")
    stored = json.loads((folder / "study-tiny.json").read_text())
    first = {**stored["rows"][0], "monitored": 12.0}
    (folder / "study-tiny.json").write_text(json.dumps({**stored, "rows": [first]}))
    assert [row["monitored"] for row in results.results()[0]["rows"]] == [12.0, None, None], "nothing is of this split"
    Dataset.objects.update(seed=thesis_split.SEED)
    assert results.results() == [stored]


def published_by(seeds: dict[int, float], recipe: dict[str, Any], images: dict[str, int]) -> dict[str, Any]:
    """A stored experiment whose first row has these runs."""
    runs = [
        {"seed": seed, "state": "succeeded", "best_monitored": best, "own_test": None} for seed, best in seeds.items()
    ]
    row = {"row": TINY.rows[0].label, "recipe": recipe, "monitored": 1.0, "spread": None, "runs": runs}
    return {"scale": "full", "epochs": recipe["epochs"], "dataset": "four", "images": images, "rows": [row]}


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, {1: None, 2: 0.2, 3: 0.3}),
        ({"learning_rate": 0.5}, {1: None}),
        ({"epochs": 3}, {1: None}),
    ],
    ids=["the same recipe", "another recipe", "shorter"],
)
def test_published_and_local_runs_of_a_row_are_joined_by_seed(
    tiny: Dataset,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    tmp_path: Path,
    change: dict[str, Any],
    kept: dict[int, float | None],
) -> None:
    monkeypatch.setattr(results, "EXPERIMENTS", {"tiny": TINY})
    Dataset.objects.update(seed=thesis_split.SEED)
    study("tiny")
    [here] = results.results()
    first, path = here["rows"][0], tmp_path / "docs" / "figures" / "study-tiny.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(published_by({1: 0.9, 2: 0.2, 3: 0.3}, {**first["recipe"], **change}, here["images"])))
    settings.BASE_DIR = tmp_path
    joined = results.results()[0]["rows"][0]
    ours = next(run for run in first["runs"] if run["seed"] == 1)
    expected = {seed: best if best is not None else ours["best_monitored"] for seed, best in kept.items()}
    assert {run["seed"]: run["best_monitored"] for run in joined["runs"] if run["seed"] in kept} == expected
    assert joined["monitored"] == pytest.approx(100 * fmean(run["best_monitored"] for run in joined["runs"]))
    assert joined["seeds"] == len(joined["runs"])
    study("tiny", "--report", "--save")
    assert json.loads(path.read_text())["rows"][0]["runs"] == joined["runs"], "saving loses no seed"


def test_what_was_published_need_not_be_trained(
    tiny: Dataset, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "docs" / "figures"
    folder.mkdir(parents=True)
    study("tiny", "--save")
    stored = json.loads((folder / "study-tiny.json").read_text())
    best = max(stored["rows"], key=lambda row: row["monitored"])
    Dataset.objects.get().study_runs.all().delete()
    kept = [{**row, "runs": row["runs"][:1]} for row in stored["rows"]]
    (folder / "study-tiny.json").write_text(json.dumps({**stored, "rows": kept}))
    study("tiny", "--unpublished")
    assert {made.run.seed for made in Dataset.objects.get().study_runs.all()} == {2, 3}, "repeats of the best alone"
    recipes = [made.run.hyperparameters["learning_rate"] for made in Dataset.objects.get().study_runs.all()]
    assert recipes == [best["recipe"]["learning_rate"]] * 2


def test_rows_that_were_stored_shorter_say_so_and_are_trained_again(settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    stored = published_by({1: 0.5}, {"epochs": 3}, {"train": 1, "validation": 1, "test": 1})
    [row] = stored["rows"]
    row["runs"][0] |= {"best_epoch": 2, "last_monitored": 0.4}
    del row["recipe"]
    path = tmp_path / "docs" / "figures" / "study-tiny.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(stored))
    assert results.published_runs(TINY) == {}
    first, *others = results.published(TINY)["rows"]
    assert best_epoch(first, TINY.epochs) == "2 of 3"
    assert best_epoch(first, 3) == "2"
    assert {best_epoch(other, TINY.epochs) for other in others} == {"—"}


def test_the_page_says_how_many_rows_are_not_trained(client: Client) -> None:
    page = client.get("/study/").content.decode()
    missing = [sum(row["monitored"] is None for row in each["rows"]) for each in results.results()]
    said = re.findall(r"Rows that are not trained yet: (\d+) of", page)
    assert sorted(map(int, said)) == sorted(count for count in missing if count)


def test_weighted_sums_spread_as_the_formula_says() -> None:
    for initializer, deviation in weighted_sums.DEVIATIONS.items():
        drawn = weighted_sums.drawn(initializer)
        total = sum(y for _z, y in drawn)
        spread = (sum(z * z * y for z, y in drawn) / total) ** 0.5
        assert spread == pytest.approx(deviation, rel=0.03)
    assert weighted_sums.DEVIATIONS["normal"] == pytest.approx(22.4, abs=0.05)
    assert weighted_sums.DEVIATIONS["scaled-normal"] == pytest.approx(1.22, abs=0.01)


@pytest.mark.parametrize("epochs", [1, 2, 49, 50, 51, 250, 300])
def test_a_thinned_curve_keeps_both_ends(epochs: int) -> None:
    points = thinned([place / 1000 for place in range(epochs)])
    assert (points[0][0], points[-1][0]) == (1, epochs)
    assert len(points) <= MOST_POINTS + 1


def test_the_page_is_light_and_its_json_is_whole(client: Client) -> None:
    assert len(client.get("/study/").content) < 400_000
    found = client.get("/study/figures.json").json()["experiments"]
    assert [each["experiment"] for each in found] == list(EXPERIMENTS)


def test_russian(client: Client) -> None:
    page = client.get("/study/", headers={"Accept-Language": "ru"}).content.decode()
    assert "около 83" in page
    assert "η = 0,8" in page
    assert "14\u202f413" in page


def test_rows_change_without_losing_what_was_published(monkeypatch: pytest.MonkeyPatch) -> None:
    first = EXPERIMENTS["mini-batch"]
    fewer = dataclasses.replace(first, rows=first.rows[1:])
    monkeypatch.setattr(results, "EXPERIMENTS", {"mini-batch": fewer})
    assert [row["row"] for row in results.results()[0]["rows"]] == [row.label for row in first.rows[1:]]


def test_more_runs_take_no_more_queries(
    tiny: Dataset, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    monkeypatch.setattr(results, "EXPERIMENTS", {"tiny": TINY})
    settings.BASE_DIR = tmp_path
    Dataset.objects.update(seed=thesis_split.SEED)
    study("tiny")
    with CaptureQueriesContext(connection) as queries:
        assert sum(len(row["runs"]) for row in all_rows(results.results())) == 5
    assert len(queries) < 5, "fewer than runs"


def test_verdicts_and_tolerances_of_the_page_are_the_stored_ones(client: Client) -> None:
    shown = page_rows(client.get("/study/").content.decode())
    for row in all_rows(results.results()):
        epsilon = "—" if row["tolerance"] is None else f"{row['tolerance']:.2f}"
        spread = "" if row.get("spread") is None else f"± {row['spread']:.2f}"
        found = [cells for cells in shown if cells[0] == row["row"] and len(cells) in (7, 8)]
        assert any(
            (cells[3], cells[4]) == (row["verdict"] or "—", epsilon) and spread in " ".join(cells[2].split())
            for cells in found
        ), row["row"]


def test_the_table_of_a_chart_has_the_stored_curves() -> None:
    for result in results.results():
        labels, lines = curves_table(result)
        curves = [row["runs"][0]["curve"] for row in result["rows"] if row["runs"] and row["runs"][0].get("curve")]
        assert len(labels) == len(curves)
        for epoch, values in lines:
            assert values == [100 * curve[epoch - 1] if epoch <= len(curve) else None for curve in curves]


def test_the_story_goes_on_with_the_published_reports() -> None:
    points = story.points(results.results())
    assert [point.thesis for point in points][:7] == [70, 83, 87.4, 90.1, 95.47, 95.935, 96.545]
    today = points[len(story.THESIS_STEPS) :]
    assert [point.ours is not None for point in today] == [True] * len(story.TODAY)
    tested = [round(each["value"], 2) for each in results.published_file("accuracy-thesis")["figures"]]
    assert [point.ours for point in today if point.label == "its recipe, 3 × η"] == tested


def test_no_bar_of_the_story_begins_below_its_axis() -> None:
    chart = story_chart(story.points(results.results()))
    values = [value for series in chart["series"] for value in series["values"] if value is not None]
    assert chart["y"]["min"] <= min(values) - 0.04


def test_no_row_s_best_is_below_the_axis_of_its_curves() -> None:
    for result in results.results():
        axis = curves_chart(result)["y"]
        assert all(axis["min"] < max(points) for row in result["rows"] if (points := row["runs"][0].get("curve")))


def test_a_row_has_the_digits_and_the_words_of_the_thesis(client: Client) -> None:
    page = html.unescape(client.get("/study/").content.decode())
    for words in ("95.740", "86.0", "96.545", "about 83", "a little over 90.1, in twice the time of 192-128"):
        assert f'<td class="number words">{words}</td>' in page, words


def test_a_study_whose_data_set_was_deleted_shows_what_was_published(
    tiny: Dataset, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = results.results()
    Dataset.objects.update(seed=thesis_split.SEED)
    study("tiny", "--scale", "quick")
    assert results.study_dataset() is not None
    delete_datasets([tiny])
    assert results.study_dataset() is None
    assert results.results() == before
    page = client.get("/study/")
    assert page.status_code == 200
    assert "there is none here yet" in page.content.decode()


def test_a_study_whose_files_are_gone_shows_the_rest(tiny: Dataset, client: Client) -> None:
    assert not tiny.folder.exists()
    page = client.get("/study/").content.decode()
    assert "there is none here yet" in page
    assert "Figure 9" in page


def test_the_descent_of_an_address(client: Client) -> None:
    page = client.get("/study/?v1=1.5&v2=1&rate=0.1").content.decode()
    assert "It arrives in the lesser dip" in page
    assert client.get("/study/?v1=nonsense&rate=1e999").status_code == 200
