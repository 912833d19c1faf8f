"""The harness: verdicts, turns, processes, reports, exit status."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import __main__ as command
from benchmarks import output
from benchmarks.harness import (
    BenchmarkReport,
    BenchmarkRunError,
    Figure,
    Subject,
    clean_environment,
    interleaved,
    percentile,
)
from benchmarks.materials.drawings import DRAWINGS
from benchmarks.reading import report
from recognizer.core.ink import specification

DUMMY = ["-m", "tests.benchmarks.dummy"]


def made_report(value: float) -> BenchmarkReport:
    """A report with one figure."""
    return BenchmarkReport("made", "A title", {"processor": "Z80"}, [Figure("a", value, "ms", 30)], ("x",), [("1",)])


class Made:
    """A benchmark that needs no time."""

    name = "made"
    cores: int | None = 1

    def __init__(self, value: float) -> None:
        """Take what it measures."""
        self.value = value

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """BenchmarkReport."""
        if self.value < 0:
            raise BenchmarkRunError("There is no server.")
        return made_report(self.value)


@pytest.fixture(autouse=True)
def unpinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the test process on all its cores."""
    monkeypatch.setattr(command, "pin_to_one_core", lambda: None)


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("a", 30.0, "ms", 30), "reached"),
        (Figure("a", 30.1, "ms", 30), "MISSED"),
        (Figure("a", 2.0, "×", 3, more_is_better=True), "MISSED"),
        (Figure("a", 3.0, "×", 3, more_is_better=True), "reached"),
        (Figure("a", 1e9, "ms"), ""),
        (Figure("a", float("nan"), "ms", 30), "MISSED"),
    ],
)
def test_verdicts(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict
    assert figure.is_reached == (verdict != "MISSED")


def test_a_table_that_could_not_be_printed_is_refused() -> None:
    with pytest.raises(ValueError, match="made: a row has not as many cells"):
        BenchmarkReport("made", "A title", {}, [], ("x", "y"), [("1",)])


def test_measured_in_turns_forwards_and_backwards() -> None:
    asked: list[tuple[str, int]] = []

    def measure(name: str, repeats: int) -> list[float]:
        asked.append((name, repeats))
        return [float(len(asked))] * repeats

    subjects = {name: lambda repeats, name=name: measure(name, repeats) for name in "ab"}
    seconds = interleaved(subjects, rounds=3, repeats=2, warmup=5)
    assert asked == [("a", 5), ("b", 5), ("a", 2), ("b", 2), ("b", 2), ("a", 2), ("a", 2), ("b", 2)]
    assert seconds == {"a": [3, 3, 6, 6, 7, 7], "b": [4, 4, 5, 5, 8, 8]}


def test_subject_is_a_process_with_a_clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    with Subject(DUMMY, environment=clean_environment()) as subject:
        assert subject.hello == {"environment": {"core_type": ""}}
        assert subject.measure(2) == [1, 2]
        assert subject.measure(1) == [3]
    assert clean_environment(MORE="1")["MORE"] == "1"


def test_subject_that_ends_is_an_error() -> None:
    with pytest.raises(BenchmarkRunError, match="without an answer"), Subject(["-c", "pass"]):
        pass


@given(st.lists(st.integers(0, 10**9), min_size=2))
def test_percentiles_lie_within(values: list[int]) -> None:
    assert min(values) <= percentile(values, 50) <= percentile(values, 90) <= max(values)


@pytest.mark.parametrize(("value", "status"), [(1.0, 0), (31.0, 1), (-1.0, 2)])
def test_exit_status(value: float, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([], {"made": Made(value)}) == status
    printed = capsys.readouterr()
    if status == 2:
        assert (printed.out, printed.err) == ("", "benchmarks: There is no server.\n")
    else:
        assert ("reached" if status == 0 else "MISSED") in printed.out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["made", "--json"], {"made": Made(31.0)})
    made = json.loads(capsys.readouterr().out)["made"]
    assert made["machine"] == {"processor": "Z80"}
    assert made["figures"][0]["verdict"] == "MISSED"
    assert made["rows"] == [{"x": "1"}]


def test_unknown_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command.main(["writing"], {"made": Made(1.0)})
    assert caught.value.code == 2
    assert "no benchmark is named writing; there are: made" in capsys.readouterr().err


def test_saved_beside_the_others(tmp_path: Path) -> None:
    output.save(made_report(1.5), tmp_path)
    assert json.loads((tmp_path / "made.json").read_text())["figures"][0]["value"] == 1.5
    page = (tmp_path / "made.md").read_text()
    assert page.startswith("# A title\n")
    assert "| a      | 1.5 ms | 30        | reached |" in page
    assert "- processor: Z80" in page


def test_drawings_are_drawings() -> None:
    for letter, strokes in DRAWINGS.items():
        assert specification("moments-1").from_strokes(strokes).any(), letter


def test_report_of_reading_holds_medians_and_ratios_against_thresholds() -> None:
    times = {"256-128 on moments-2": 10, "256-128 on directions-1": 12, "1024-512 on moments-2": 10}
    networks = {**times, "1024-512 on directions-1-fine": 14}
    seconds = {"HTTP round trip": [0.002, 0.004, 0.1], "inside the process": [0.001, 0.04, 0.05]}
    seconds |= {f"inside the process, {name}": [value / 10_000] * 3 for name, value in networks.items()}
    made = report(seconds, {}, "standard")
    assert [(round(figure.value, 3), figure.verdict) for figure in made.figures] == [
        (4.0, "reached"),
        (40.0, "MISSED"),
        (1.2, "reached"),
        (1.4, "MISSED"),
    ]
    assert "standard" in made.title
