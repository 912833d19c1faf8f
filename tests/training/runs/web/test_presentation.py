"""What the pages write: times, figures, matrices."""

import numpy as np
import pytest

from training.core.hyperparameters import FIELDS, PRESETS
from training.runs.templatetags.runs_format import duration, figure
from training.runs.web import confusion, hyperparameter_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "—"),
        (0.26, "0.3 s"),
        (9.96, "10.0 s"),
        (12.4, "12 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (3600, "1 h 0 min"),
        (7325, "2 h 2 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_time_has_two_units_at_most(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("value", "text"), [(None, "—"), (0.123456, "0.1235"), (12345.6, "1.235e+04"), (0.0, "0")])
def test_a_figure_has_four_digits(value: float | None, text: str) -> None:
    assert figure(value) == text


def test_a_matrix_shades_hits_by_their_share_and_mistakes_by_the_worst() -> None:
    counts = np.array([[8, 2, 0], [1, 9, 0], [0, 0, 0]])
    rows = confusion.matrix("АБВ", counts)
    assert [[cell.count for cell in cells] for _letter, cells in rows] == counts.tolist()
    assert [[cell.level for cell in cells] for _letter, cells in rows] == [[8, 9, 0], [7, 9, 0], [0, 0, 0]]
    assert [cell.is_hit for cell in rows[1][1]] == [False, True, False]
    assert rows[0][1][1].title == "А read as Б: 2"


def test_mistakes_come_most_frequent_first_and_without_zeros() -> None:
    counts = np.array([[8, 2, 0], [5, 9, 0], [1, 0, 7]])
    assert confusion.mistakes("АБВ", counts) == [("Б", "А", 5), ("А", "Б", 2), ("В", "А", 1)]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_value_as_text_is_read_back_by_its_field(preset: str) -> None:
    for name, value in PRESETS[preset].as_dict().items():
        text = hyperparameter_text.as_text(value)
        if text != "—":
            assert list(np.atleast_1d(FIELDS[name].parse(text))) == list(np.atleast_1d(value)), name


def test_every_group_of_hyperparameters_has_a_heading() -> None:
    assert {field.group for field in FIELDS.values()} == set(hyperparameter_text.GROUPS)
