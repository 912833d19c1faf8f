"""The report of the overhead benchmark."""

from benchmarks import overhead


def test_ratio_of_medians_is_held_against_five_percent() -> None:
    report = overhead.report([1.0, 1.04, 9.0], [1.0, 1.0, 0.5])
    [figure] = report.figures
    assert (round(figure.value, 6), figure.verdict) == (4.0, "reached")
    assert not overhead.report([1.06], [1.0]).is_reached
