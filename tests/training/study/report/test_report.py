"""The report: one page without links into the site, figures as vectors, data as CSV, both languages."""

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoDbBlocker

from training.study import results
from training.study.experiments import EXPERIMENTS
from training.study.report import printing
from training.study.report.printing import CHROMIUMS, PrintingError, print_to_pdf

pytestmark = pytest.mark.django_db


def written(folder: Path, *words: str) -> list[str]:
    output = io.StringIO()
    call_command("study_report", "--output", str(folder), *words, stdout=output)
    return sorted(Path(line).name for line in output.getvalue().splitlines())


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.fixture(scope="module")
def report(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[str]]:
    """A new folder with all but the PDF, and the names that the command says."""
    folder = tmp_path_factory.mktemp("report") / "new" / "folder"
    with django_db_blocker.unblock():
        return folder, written(folder, "--no-pdf")


def test_both_languages_and_the_data(report: tuple[Path, list[str]]) -> None:
    folder, names = report
    data = [f"study-{name}.csv" for name in ("curves", "rows", "runs", "story")]
    assert names == sorted(["study-en.html", "study-ru.html", *data])
    english = (folder / "study-en.html").read_text(encoding="utf-8")
    russian = (folder / "study-ru.html").read_text(encoding="utf-8")
    assert "The thesis, rerun" in english
    assert "Рисунок 9: как учится программа" in russian
    for page in (english, russian):
        assert not re.findall(r'(?:href|src)="/', page), "it leads nowhere into the site"
        assert "<script" not in page
        assert "<img" not in page
        assert page.count("<svg") > 10
        for experiment in EXPERIMENTS.values():
            assert sum(f">{row.label}<" in english for row in experiment.rows) == len(experiment.rows)


def test_the_data_are_the_stored_figures(report: tuple[Path, list[str]]) -> None:
    folder, _names = report
    found = results.results()
    stored = [(each["experiment"], row) for each in found for row in each["rows"]]
    lines = table(folder / "study-rows.csv")
    assert [(line["experiment"], line["row"]) for line in lines] == [(name, row["row"]) for name, row in stored]
    for line, (_name, row) in zip(lines, stored, strict=True):
        assert line["ours"] == ("" if row["monitored"] is None else str(row["monitored"]))
        assert line["verdict"] == (row["verdict"] or "")
    epochs = sum(len(run.get("curve", ())) for _name, row in stored for run in row["runs"])
    assert len(table(folder / "study-curves.csv")) == epochs
    assert len(table(folder / "study-runs.csv")) == sum(len(row["runs"]) for _name, row in stored)


def test_without_a_browser_it_says_what_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROPIS_CHROMIUM", raising=False)
    monkeypatch.setattr(printing, "CHROMIUMS", ())
    with pytest.raises(CommandError, match="A PDF needs Chromium"):
        call_command("study_report", "--output", str(tmp_path), "--language", "en")
    assert (tmp_path / "study-en.html").is_file(), "what could be written is there"


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="Nothing can be written to"):
        call_command("study_report", "--output", str(tmp_path / "file"))


@pytest.mark.skipif(not any(map(shutil.which, CHROMIUMS)), reason="no Chromium in the path")
def test_chromium_prints_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>x</title><h1>Щ</h1>", encoding="utf-8")
    print_to_pdf(page, tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")


def test_a_browser_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROPIS_CHROMIUM", "/bin/false")
    with pytest.raises(PrintingError, match="/bin/false printed no PDF"):
        print_to_pdf(tmp_path / "page.html", tmp_path / "page.pdf")
