"""Drawings of an older database keep what they hold when their columns are renamed."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = [("recognizer", "0002_drawings")], [("recognizer", "0003_claimed_and_predicted")]


@pytest.mark.django_db(transaction=True)
def test_claimed_and_predicted_letters_are_those_of_before() -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    try:
        executor.migrate(BEFORE)
        old = executor.loader.project_state(BEFORE).apps.get_model("recognizer", "Drawing")
        old.objects.create(strokes=[], said="Ш", letter="Щ", read="И", best=[["И", 0.9]])
        executor.loader.build_graph()
        executor.migrate(AFTER)
        new = executor.loader.project_state(AFTER).apps.get_model("recognizer", "Drawing")
        drawing = new.objects.get()
        assert (drawing.claimed, drawing.letter, drawing.predicted) == ("Ш", "Щ", "И")
    finally:
        executor.loader.build_graph()
        executor.migrate(latest)
