"""The list of runs: what is found, how it is sorted, which columns it has, and what it is as a file."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.training.runs.conftest import QUICK, MakeDataset, MakeRun
from training.core.hyperparameters import FIELDS
from training.runs.models import Epoch, ListColumns, Run
from training.runs.services import set_tags
from training.runs.web.listing import run_export
from training.runs.web.listing.run_columns import COLUMNS, DEFAULT
from training.runs.web.listing.run_filter import listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(make_dataset: MakeDataset, make_run: MakeRun) -> list[Run]:
    """Three runs that differ in name, data set, tags, recipe and accuracy."""
    paper, screen = make_dataset("paper"), make_dataset("screen")
    runs = [
        make_run(paper, name="first", notes="a long night"),
        make_run(screen, name="second", hyperparameters=replace(QUICK, learning_rate=0.5, hidden_layers=(16, 8))),
        make_run(paper, screen, name="third", preset="small", hyperparameters=replace(QUICK, batch_normalization=True)),
    ]
    set_tags(runs[0], ["keep"])
    for run, accuracy in zip(runs, (0.5, None, 0.9), strict=True):
        Run.objects.filter(pk=run.pk).update(best_validation_accuracy=accuracy)
    return runs


def names(query: str) -> list[str]:
    """Names of the runs that an address asks for."""
    return [run.name for run in listed(QueryDict(query), of_staff=False).runs]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["third", "second", "first"]),
        ("q=first", ["first"]),
        ("q=night", ["first"]),
        ("q=keep", ["first"]),
        ("q=screen", ["third", "second"]),
        ("q=screen+small", ["third"]),
        ("q=learning_rate%3E=0.2", ["second"]),
        ("q=learning_rate%3C0.2", ["third", "first"]),
        ("q=learning_rate!=0.5+paper", ["third", "first"]),
        ("q=hidden_layers=16-8", ["second"]),
        ("q=optimizer=momentum+batch_normalization=yes", ["third"]),
        ("q=learning_rat=1", []),
        ("state=queued&tag=keep", ["first"]),
        ("state=failed", []),
        ("state=lost", []),
        ("dataset=paper", ["third", "first"]),
        ("dataset=nothing", []),
        ("sort=-best", ["third", "first", "second"]),
        ("sort=best", ["first", "third", "second"]),
        ("sort=-hp-learning_rate&dataset=screen", ["second", "third"]),
        ("sort=worst", ["third", "second", "first"]),
        ("sort=time", ["third", "second", "first"]),
    ],
)
def test_what_is_asked_for_is_found(three: list[Run], query: str, expected: list[str]) -> None:
    assert names(query) == expected


def test_a_run_is_found_by_its_number(three: list[Run]) -> None:
    assert "second" in names(f"q={three[1].pk}")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q=learning_rat=1", "learning_rat: no such hyperparameter. Did you mean learning_rate?"),
        ("q=learning_rate=fast", "learning_rate: must be a number, not &#x27;fast&#x27;."),
        ("state=lost", "Select a valid choice. lost is not one of the available choices."),
        ("q=" + "x" * 300, "Ensure this value has at most 200 characters (it has 300)."),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(client: Client, three: list[Run], query: str, sentence: str) -> None:
    response = client.get(reverse("runs:index") + f"?{query}")
    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_nothing_found_is_said(client: Client, three: list[Run]) -> None:
    assert "No run fits" in client.get(reverse("runs:index"), {"q": "zzz"}).content.decode()


def test_a_head_sorts_and_turns_round_and_keeps_the_filter(client: Client, three: list[Run]) -> None:
    html = client.get(reverse("runs:index"), {"q": "screen"}).content.decode()
    assert 'href="?q=screen&amp;sort=-best"' in html
    html = client.get(reverse("runs:index"), {"q": "screen", "sort": "-best"}).content.decode()
    assert 'href="?q=screen&amp;sort=best"' in html
    assert 'aria-sort="descending"' in html


def test_words_are_found_in_any_case_of_any_alphabet(three: list[Run]) -> None:
    Run.objects.filter(pk=three[0].pk).update(notes="Ночь, Ёлка 100%")
    assert names("q=ночь") == names("q=НОЧЬ") == names("q=ёлка") == names("q=100%25") == ["first"]
    assert names("q=ноч_") == names("q=10%25%25") == []


class TestColumns:
    """A choice is kept: in the database for a user, in a cookie for a visitor; reading writes nothing."""

    ADDRESS = "/runs/columns/"

    def heads(self, client: Client) -> list[str]:
        return [head["column"].key for head in client.get(reverse("runs:index")).context["columns"]]

    def test_default_columns_at_first(self, client: Client, three: list[Run]) -> None:
        assert self.heads(client) == list(DEFAULT)
        assert "run-columns" not in client.cookies
        assert client.get(self.ADDRESS).status_code == 200

    def test_a_visitors(self, client: Client, three: list[Run]) -> None:
        response = client.post(self.ADDRESS, {"column": ["best", "hp-l2", "nothing", "best"], "next": "/runs/?q=x"})
        assert response.headers["Location"] == "/runs/?q=x"
        assert self.heads(client) == ["best", "hp-l2"]
        assert ListColumns.objects.count() == 0

    def test_a_users(self, admin_client: Client, admin_user: User, three: list[Run]) -> None:
        admin_client.post(self.ADDRESS, {"column": ["worker"]})
        assert self.heads(admin_client) == ["worker"]
        admin_client.post(self.ADDRESS, {"column": ["worker"], "usual": "1"})
        assert self.heads(admin_client) == list(DEFAULT)
        assert ListColumns.objects.get().user == admin_user

    def test_no_way_to_another_site(self, client: Client) -> None:
        response = client.post(self.ADDRESS, {"column": ["best"], "next": "https://example.org/"})
        assert response.headers["Location"] == "/runs/"

    @pytest.mark.parametrize("cookie", ["", ".", "nothing", "é.x" * 50])
    def test_a_strange_cookie_means_the_default_columns(self, client: Client, three: list[Run], cookie: str) -> None:
        client.cookies["run-columns"] = cookie
        assert self.heads(client) == list(DEFAULT)

    def test_each_can_be_shown_and_sorted_by(self, admin_client: Client, three: list[Run]) -> None:
        admin_client.post(self.ADDRESS, {"column": list(COLUMNS)})
        html = admin_client.get(reverse("runs:index")).content.decode()
        assert [key for key in COLUMNS if f"sort={key}" not in html and f"sort=-{key}" not in html] == [
            key for key, column in COLUMNS.items() if not column.order
        ]
        for key in COLUMNS:
            assert len(names(f"sort=-{key}")) == 3, key


class TestExport:
    """The whole list as a file, with times and durations."""

    @pytest.fixture
    def timed(self, three: list[Run]) -> Run:
        """A run that took ten minutes, of which it trained for seven seconds."""
        begun = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        run = three[0]
        Run.objects.filter(pk=run.pk).update(
            started_at=begun, finished_at=begun + timedelta(minutes=10), notes="=1+1", best_validation_accuracy=0.5
        )
        figures = {"train_cost": 1, "train_accuracy": 0, "validation_cost": 1, "validation_accuracy": 0}
        Epoch.objects.bulk_create(Epoch(run=run, epoch=n, seconds=3.5, **figures) for n in (1, 2))
        return run

    def test_as_json(self, client: Client, timed: Run) -> None:
        response = client.get("/runs/runs.json?q=first")
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Content-Disposition"] == 'attachment; filename="runs.json"'
        (record,) = json.loads(response.getvalue())
        assert (record["run"], record["name"], record["data_sets"]) == (timed.pk, "first", ["paper"])
        assert (record["started_at"], record["seconds"]) == ("2026-01-02T03:04:05+00:00", 600)
        assert (record["training_seconds"], record["tags"]) == (7, ["keep"])
        assert record["hyperparameters"] == timed.hyperparameters

    def test_as_csv(self, client: Client, timed: Run) -> None:
        text = client.get("/runs/runs.csv?sort=-best").getvalue().decode("utf-8-sig")
        rows = list(csv.DictReader(text.splitlines()))
        assert [row["name"] for row in rows] == ["third", "first", "second"]
        assert list(rows[0]) == [*run_export.PLAIN, *FIELDS]
        assert (rows[1]["started_at"], rows[1]["seconds"]) == ("2026-01-02T03:04:05+00:00", "600.0")
        assert (rows[2]["learning_rate"], rows[2]["hidden_layers"]) == ("0.5", "16 8")
        assert rows[1]["notes"] == "'=1+1"

    def test_as_a_russian_excel_wants_it(self, client: Client, timed: Run) -> None:
        content = client.get("/runs/runs.csv?sort=-best&separator=semicolon&decimal=comma").getvalue()
        assert content.startswith(b"\xef\xbb\xbfrun;name;")
        rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
        assert (rows[1]["seconds"], rows[1]["best_validation_accuracy"]) == ("600,0", "0,5")
        assert client.get("/runs/runs.csv?separator=pipe").status_code == 400

    @pytest.mark.parametrize(
        "query", ["q=learning_rat=1", "state=lost", "dataset=nobody", "tag=none", "q=" + "x" * 300]
    )
    @pytest.mark.parametrize("kind", ["csv", "json"])
    def test_of_a_filter_that_cannot_be(self, client: Client, timed: Run, query: str, kind: str) -> None:
        response = client.get(f"/runs/runs.{kind}?{query}")
        assert response.status_code == 400
        assert response.json()["error"]

    def test_machines_are_named_to_staff_only(self, admin_client: Client, timed: Run) -> None:
        Run.objects.update(worker="host:4711")
        visitor = Client()
        visitor.post("/runs/columns/", {"column": ["worker", "best"]})
        for address in ("/runs/", "/runs/columns/", "/runs/runs.json", "/runs/runs.csv", timed.get_absolute_url()):
            assert b"host:4711" not in b"".join(visitor.get(address)), address
        chosen = {"action": "export_csv", "_selected_action": [timed.pk]}
        assert b"host:4711" in admin_client.post("/admin/runs/run/", chosen).getvalue()

    def test_machines_are_found_by_staff_only(self, admin_client: Client, timed: Run) -> None:
        Run.objects.filter(pk=timed.pk).update(worker="secret-host:4711")
        address = "/runs/runs.json?q=secret-host"
        assert json.loads(Client().get(address).getvalue()) == []
        assert [run["run"] for run in json.loads(admin_client.get(address).getvalue())] == [timed.pk]
        assert admin_client.get("/admin/runs/run/?q=secret-host").context["cl"].result_count == 1

    def test_of_nothing(self, client: Client) -> None:
        assert json.loads(client.get("/runs/runs.json").getvalue()) == []
        assert len(client.get("/runs/runs.csv").getvalue().decode().splitlines()) == 1
        assert client.get("/runs/runs.xml").status_code == 404
