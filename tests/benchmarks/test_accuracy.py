"""The accuracy tables: what is planned, trainings that go on and happen once, and reports with intervals."""

import dataclasses
import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scipy.stats import binomtest

from benchmarks.accuracy import plan, report
from benchmarks.accuracy.plan import ABLATION, PAPER, SCREEN, TABLE, PlanError, TableRow
from benchmarks.accuracy.trainings import Result, SplitScore, Trainings
from benchmarks.harness import ROOT, BenchmarkRunError
from tests import prepared
from tests.training.conftest import var, woken  # noqa: F401
from tests.training.runs.conftest import MakeDataset, make_dataset  # noqa: F401
from training.core.hyperparameters import PRESETS
from training.core.trainer import EpochMetrics
from training.datasets import synthesis
from training.jobs.models import State
from training.runs import services
from training.runs.models import Run

QUICK = {"hidden_layers": (8,), "batch_size": 16, "warmup_steps": 0, "ema": 0, "elastic": 0}


# --- The plan ----------------------------------------------------------------------------------------------------


def test_every_preset_has_a_row_and_every_goal_an_aim_above_it() -> None:
    assert {row.preset for row in TABLE} == set(PRESETS)
    for row in TABLE:
        assert row.must.keys() == row.aim.keys() <= set(row.reads)
        assert all(row.must[name] < row.aim[name] for name in row.must)


@pytest.mark.parametrize("row", ABLATION[1:], ids=lambda row: row.name)
def test_a_row_of_the_ablation_differs_from_the_first_in_what_it_names(row: TableRow) -> None:
    [first], [other] = (plan.planned_trainings([each], [1], epochs=None, test=False) for each in (ABLATION[0], row))
    whole, less = first.recipe.as_dict(), other.recipe.as_dict()
    changed = {name for name in whole if whole[name] != less[name]}
    assert changed
    assert changed <= set(row.changes)
    already_off = {name for name in row.changes if not whole[name]}  # a warp that the preset has not got
    assert set(row.changes) - changed <= already_off


def test_first_seed_of_every_row_comes_before_any_second() -> None:
    rows = plan.chosen(["small", "best"])
    found = plan.planned_trainings(rows, [3, 4], epochs=7, test=True)
    order = [(each.row.name, each.recipe.seed) for each in found]
    assert order == [("small", 3), ("best", 3), ("small", 4), ("best", 4)]
    assert {each.recipe.epochs for each in found} == {7}
    assert len({each.key for each in found}) == 4


def test_another_recipe_has_another_key() -> None:
    rows = plan.chosen(["standard", "standard-alone"])
    keys = {
        training.key
        for epochs in (None, 5)
        for test in (True, False)
        for training in plan.planned_trainings(rows, [1], epochs=epochs, test=test)
    }
    assert len(keys) == 8
    assert all(len(key) <= 80 for key in keys)


def test_a_row_that_there_is_not() -> None:
    with pytest.raises(PlanError, match=r"There is no row huge; there are: thesis-first, .*, synthetic-alone\."):
        plan.chosen(["small", "huge"])


# --- Trainings ---------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(make_dataset: MakeDataset, db: None, tmp_path: Path) -> Path:  # noqa: F811
    """Where results go; both data sets are there."""
    make_dataset(PAPER)
    make_dataset(SCREEN)
    return tmp_path / "results"


def ignore(line: str) -> None:
    """Hear nothing."""


def made(folder: Path, rows: list[TableRow], *, test: bool = True, seeds: tuple[int, ...] = (1,)) -> list[Result]:
    planned = plan.planned_trainings(rows, seeds, epochs=2, test=test)
    told: list[str] = []
    results = Trainings(folder, {"processor": "a"}, epochs=2, first_seed=1).all(planned, told.append)
    assert len(told) == len(list(folder.glob("*.json"))) or not told
    return results


@pytest.mark.django_db(transaction=True)
def test_a_training_is_scored_on_both_data_sets_and_kept(folder: Path) -> None:
    rows = [TableRow("tiny", "small", QUICK), TableRow("tiny-alone", "small", QUICK, datasets=(PAPER,))]
    both, alone = made(folder, rows)
    runs = Run.objects.order_by("pk")
    assert [run.weights_sha256 for run in runs] == [both.weights_sha256, alone.weights_sha256]
    assert (both.epochs, both.seed, both.parameters) == (2, 1, 392 * 8 + 8 + 8 * 4 + 4)
    noted = runs[0].sources.get(name=SCREEN)
    assert both.test[SCREEN].images == 24
    assert both.test[SCREEN].correct / 24 == noted.test_accuracy
    assert both.validation[SCREEN].correct / 24 == noted.validation_accuracy
    assert alone.test.keys() == alone.validation.keys() == {PAPER, SCREEN}
    assert made(folder, rows) == [both, alone]
    assert Run.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_row_is_read_on_what_it_names(folder: Path) -> None:
    [alone] = made(folder, [TableRow("tiny", "small", QUICK, datasets=(SCREEN,), reads=(PAPER,))])
    assert alone.test.keys() == alone.validation.keys() == {PAPER}
    assert Run.objects.get().sources.get().name == SCREEN


@pytest.mark.django_db(transaction=True)
def test_an_ablation_reads_no_test_split(folder: Path) -> None:
    [result] = made(folder, [TableRow("tiny", "small", QUICK)], test=False)
    assert result.test == {}
    assert result.validation.keys() == {PAPER, SCREEN}
    assert list(Run.objects.values_list("is_trial", "test_accuracy")) == [(True, None)]


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_training_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = services.record_epoch

    def interrupted(run: Run, metrics: EpochMetrics) -> None:
        record(run, metrics)
        raise KeyboardInterrupt

    rows = [TableRow("tiny", "small", QUICK)]
    with monkeypatch.context() as patch:
        patch.setattr(services, "record_epoch", interrupted)
        with pytest.raises(KeyboardInterrupt):
            made(folder, rows)
    assert Run.objects.get().state == State.RUNNING
    [result] = made(folder, rows)
    run = Run.objects.get()
    assert (run.state, run.attempt) == (State.SUCCEEDED, 2)
    assert run.events.filter(name="goes on").exists()
    undisturbed = plan.planned_trainings([dataclasses.replace(rows[0], name="again")], [1], epochs=2, test=True)
    [again] = Trainings(folder, {}, epochs=2, first_seed=1).all(undisturbed, ignore)
    assert again.weights_sha256 == result.weights_sha256


@pytest.mark.django_db(transaction=True)
def test_teachers_are_trained_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    teacher = TableRow("best", "small", QUICK)
    monkeypatch.setattr(plan, "TABLE", (teacher,))
    pupil = TableRow("pupil", "small", {**QUICK, "distillation": 0.5}, teachers=("best",))
    made(folder, [pupil])
    first, second = Run.objects.order_by("pk")
    assert first.name.startswith("best-1-")
    assert [row.weights_sha256 for row in second.teachers.all()] == [first.weights_sha256]


@pytest.mark.django_db(transaction=True)
def test_what_another_process_trains_is_left_to_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [TableRow("tiny", "small", QUICK), TableRow("other", "small", QUICK)]
    planned = plan.planned_trainings(rows, [1], epochs=2, test=True)
    folder.mkdir()
    theirs = folder / f"{planned[0].key}.json"
    with theirs.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waited = []

        def sleep(seconds: float) -> None:
            """Meanwhile the other process ends its training."""
            waited.append(seconds)
            [ours] = folder.glob("other-*.json")
            theirs.write_text(ours.read_text().replace("other-1", "tiny-1"))

        monkeypatch.setattr("benchmarks.accuracy.locks.time.sleep", sleep)
        results = Trainings(folder, {}, epochs=2, first_seed=1).all(planned, ignore)
    assert len(waited) == 1
    assert [run.name for run in Run.objects.all()] == [planned[1].key]
    assert len(results) == 2


@pytest.mark.django_db(transaction=True)
def test_a_training_that_fails_says_so(folder: Path) -> None:
    wild = {"activation": "relu", "cost": "cross-entropy", "learning_rate": 100}
    with pytest.raises(BenchmarkRunError, match=r"wild-1-\w+ has not succeeded \(failed\): The cost was no longer"):
        made(folder, [TableRow("wild", "thesis-first", wild)])
    assert list(folder.glob("*.json")) == []


# --- Reports -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("correct", "images"), [(0, 10), (9, 10), (9701, 10000), (33, 33)])
def test_intervals_are_wilsons(correct: int, images: int) -> None:
    expected = binomtest(correct, images).proportion_ci(0.95, method="wilson")
    assert report.wilson(correct / images, images) == pytest.approx((expected.low, expected.high), abs=1e-6)


def result(row: str, seed: int, correct: int, *, test: bool = True) -> Result:
    scores = {PAPER: SplitScore(correct, 1000), SCREEN: SplitScore(correct - 10, 1000)}
    return Result(f"{row}-{seed}", row, seed, 111_000, 120, 60.0 * seed, "ab", scores, scores if test else {}, {})


def test_rows_are_held_against_their_goals_by_the_mean_over_seeds() -> None:
    results = [result("small", 1, 970), result("standard", 1, 992), result("small", 2, 984)]
    found = report.presets(plan.chosen(["small", "standard"]), results, {})
    assert [(figure.name, figure.threshold, figure.verdict) for figure in found.figures] == [
        ("small, Cyrillic-MNIST test (aim 98)", 97.6, "reached"),
        ("small, CoMNIST test (aim 97.5)", 96.9, "MISSED"),
        ("standard, Cyrillic-MNIST test (aim 98.7)", 98.4, "reached"),
        ("standard, CoMNIST test (aim 98.4)", 98.0, "reached"),
    ]
    assert [figure.value for figure in found.figures] == pytest.approx([97.7, 96.7, 99.2, 98.2])
    assert [row[:2] for row in found.rows] == [("small", "1"), ("small", "2"), ("small", "mean"), ("standard", "1")]
    assert found.rows[2][2:6] == ("111,000", "120", "90", "97.70 (96.57 … 98.46)")
    assert len(found.columns) == len(found.rows[0]) == 9


def test_a_row_may_be_hardly_worse_than_another() -> None:
    rows = plan.chosen(["standard", "standard-real"])
    found = report.presets(rows, [result("standard", 1, 980), result("standard-real", 1, 980)], {})
    assert [(figure.name, figure.verdict) for figure in found.figures[2:]] == [
        ("standard less standard-real, Cyrillic-MNIST test", "reached"),
        ("standard less standard-real, CoMNIST test", "reached"),
    ]
    worse = report.presets(rows, [result("standard", 1, 978), result("standard-real", 1, 980)], {})
    assert [figure.verdict for figure in worse.figures[2:]] == ["MISSED", "MISSED"]


def test_the_ablation_tells_what_validation_loses() -> None:
    trained = (("standard", 1, 980), ("sgd", 1, 960), ("sgd", 2, 970))
    results = [result(row, seed, correct, test=False) for row, seed, correct in trained]
    found = report.ablation(results, {})
    assert [figure.name for figure in found.figures] == ["sgd, Cyrillic-MNIST", "sgd, CoMNIST"]
    assert [figure.value for figure in found.figures] == pytest.approx([-1.5, -1.5])
    assert len(found.columns) == len(found.rows[0]) == 7


# --- The command line --------------------------------------------------------------------------------------------


def accuracy(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own, as a person does."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "benchmarks.accuracy", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A folder whose database is migrated already."""
    made = tmp_path / "state"
    made.mkdir()
    shutil.copyfile(prepared.database(), made / prepared.DATABASE)
    return made


def test_from_archives_to_a_table(state: Path, tmp_path: Path) -> None:
    for seed, name in enumerate(plan.BOTH):
        synthesis.make_archive(tmp_path / plan.DATASETS[name].archive, per_letter=10, seed=seed)
    words = ("--data", str(tmp_path), "--state", str(state), "--presets", "small")
    done = accuracy(*words, "--seeds", "1", "--epochs", "1", "--json")
    assert done.returncode == 1, done.stderr  # one epoch reaches no goal
    table = json.loads(done.stdout)
    assert [row["row"] for row in table["rows"]] == ["small"]
    assert {figure["verdict"] for figure in table["figures"]} == {"MISSED"}
    [kept] = (state / "results").glob("small-1-*.json")
    assert Result.read(kept).test[PAPER].images > 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--presets", "huge"], "accuracy: There is no row huge; there are: thesis-first, "),
        (["--seeds", "-1"], "accuracy: seed: must be between 0 and "),
        (["--presets", "small"], "accuracy: There is no cmnist.zip in "),
    ],
)
def test_bad_input_is_one_line(words: list[str], message: str, state: Path, tmp_path: Path) -> None:
    done = accuracy("--data", str(tmp_path / "nothing"), "--state", str(state), *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1
