"""A sweep of sizes: every shape trained once, every precision made once; the same call goes on where it was stopped."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from recognizer.models import StoredModel
from training.core.hyperparameters import PRESETS
from training.datasets.models import Dataset
from training.devices.choice.measured import ModelFigures
from training.devices.models import Benchmark, Compression
from training.jobs import lifecycle
from training.runs.models import Run
from training.study.sizes import SHAPES, Shape, SizesError, SizeSweep

pytestmark = pytest.mark.django_db(transaction=True)


def swept(dataset: Dataset, **options: object) -> list[ModelFigures]:
    shapes = [Shape.named("6-5")]
    return list(SizeSweep([dataset], shapes, ["fp16", "int4"], epochs=1, tuning=0, **options).run())  # type: ignore[arg-type]


def test_shapes_by_name() -> None:
    assert Shape.named("best").recipe(None) == PRESETS["best"]
    assert Shape.named("medium").recipe(45).hidden_layers == (192, 96)
    assert Shape.named("50").recipe(3).epochs == 3
    assert all(shape.recipe(None) for shape in SHAPES.values())
    with pytest.raises(SizesError, match="“big” is no shape"):
        Shape.named("big")


def test_every_precision_is_made_scored_and_timed_once(dataset: Dataset, client: Client) -> None:
    found = swept(dataset)
    assert [each.precision for each in found] == ["fp32", "fp16", "int4"]
    sizes = [each.file_bytes for each in found]
    assert sizes == sorted(sizes, reverse=True)
    for each in found:
        row = StoredModel.objects.get(file_sha256=each.file_sha256)
        assert each.test == pytest.approx({dataset.name: row.accuracy[dataset.name]}, abs=1e-4)
        assert 0 <= each.validation[dataset.name] <= 1
        assert each.microseconds["computer"] > 0
        assert f'data-point="{row.name}"' in client.get("/models/choose/").content.decode()
    counts = Run.objects.count(), Compression.objects.count(), Benchmark.objects.count()
    assert counts == (1, 2, 3)
    assert swept(dataset) == found
    assert (Run.objects.count(), Compression.objects.count(), Benchmark.objects.count()) == counts


def test_an_interrupted_training_goes_on(dataset: Dataset) -> None:
    sweep = SizeSweep([dataset], [Shape.named("6-5")], [], epochs=1, is_timed=False)
    run = sweep._new_run(sweep.shapes[0])
    lifecycle.give_back(run)
    (figures,) = sweep.run()
    run.refresh_from_db()
    assert run.stored_model is not None
    assert run.stored_model.file_sha256 == figures.file_sha256
    assert Run.objects.count() == 1


def test_the_command(dataset: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    words = {"dataset": [dataset.name], "shape": ["6-5"], "precision": ["int8"], "epochs": 1}
    call_command("sweep_sizes", **words, no_times=True, json=True)
    printed = capsys.readouterr()
    assert [each["name"] for each in json.loads(printed.out)["models"]] == ["6-5", "6-5 int8"]
    assert "6-5 int8: " in printed.err
    with pytest.raises(CommandError, match="no shape"):
        call_command("sweep_sizes", shape=["x"])
    Dataset.objects.all().delete()
    with pytest.raises(CommandError, match="import one first"):
        call_command("sweep_sizes")
