"""Every box of Figures 8 and 9 leads to code that is there, and to nothing else."""

from pathlib import Path

import pytest
from django.test import Client

from training.study.illustrations.code_places import place_of, shown_files, steps
from training.study.illustrations.flow_charts import PREPARATION, PROGRAM, FlowStep

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("step", list(steps(PREPARATION + PROGRAM)), ids=lambda step: step.code)
def test_the_line_of_a_box_begins_its_code(step: FlowStep) -> None:
    place = place_of(step.code)
    line = (ROOT / place.path).read_text(encoding="utf-8").splitlines()[place.line - 1]
    name = step.code.rpartition(".")[2]
    assert place.line == 1 or f"def {name}(" in line or f"class {name}(" in line


def test_no_code_of_this_name() -> None:
    with pytest.raises(LookupError):
        place_of("training.core.loop.Loop.nothing")


@pytest.mark.django_db
def test_the_code_of_a_box_is_shown_and_no_other(client: Client) -> None:
    for path in shown_files():
        page = client.get(f"/study/code/{path}")
        assert page.status_code == 200
        assert 'id="line-1"' in page.content.decode()
    for path in ("hwrsite/settings.py", "manage.py", "training/core/../../manage.py"):
        assert client.get(f"/study/code/{path}").status_code == 404
