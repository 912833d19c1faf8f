"""The training benchmark: its report, and that each of our subjects does an epoch of work."""

import numpy as np
import pytest

from benchmarks import training
from benchmarks.subjects import training as subjects


def seconds(**values: float) -> dict[str, list[float]]:
    named = {"ours": 1.0, "ours-adamw": 1.2, "ours-augmented": 1.1, "products": 0.96, "textbook": 31.0, **values}
    return {f"{kind} {batch}": [value] * 3 for kind, value in named.items() for batch in training.BATCHES}


def test_ratios_are_held_against_the_thresholds() -> None:
    report = training.report(seconds(torch=2.5, sklearn=3.3, **{"torch-adamw": 2.0}), {})
    verdicts = {figure.name: figure.verdict for figure in report.figures}
    assert verdicts == {
        "times the bare products, m = 15": "reached",
        "times the bare products, m = 128": "reached",
        "times faster than torch, m = 15": "MISSED",
        "times faster than torch, m = 128": "reached",
        "times faster than sklearn, m = 15": "reached",
        "times faster than sklearn, m = 128": "reached",
        "times faster than textbook, m = 15": "reached",
        "times faster than textbook, m = 128": "reached",
        "AdamW, times faster than torch, m = 128": "reached",
        "augmentation, share of an epoch more, m = 128": "reached",
    }
    assert len(report.rows) == 16


def test_peers_that_are_not_there_are_left_out() -> None:
    report = training.report(seconds(), {})
    assert not any("torch" in figure.name or "sklearn" in figure.name for figure in report.figures)


@pytest.mark.parametrize("kind", training.OURS)
def test_subjects_run_an_epoch(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "SAMPLES", 100)
    monkeypatch.setattr(subjects, "TEXTBOOK_SAMPLES", 30)
    monkeypatch.setattr(subjects, "SIZES", (784, 8, 6, 33) if kind in ("products", "textbook") else subjects.SIZES)
    monkeypatch.setattr(subjects, "pictures", _every_class)
    subjects.KINDS[kind](15)()


def _every_class() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (100, 784)).astype(np.uint8), np.arange(100) % 33
