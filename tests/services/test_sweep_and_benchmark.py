"""A sweep, a benchmark and a compression through a real worker, on PostgreSQL and Redis."""

import json
import urllib.request
from pathlib import Path

import pytest

from tests.product import Product
from training.datasets import synthesis

TINY = ["--set", "hidden_layers=8", "--set", "batch_size=16", "--epochs", "2"]


def page(product: Product, path: str) -> str:
    """A page of the site."""
    with urllib.request.urlopen(f"{product.url}{path}", timeout=900) as answer:
        return str(answer.read().decode())


@pytest.mark.processor_seconds(900)
def test_sweep_benchmark_and_compression(product: Product, tmp_path: Path) -> None:
    synthesis.make_archive(tmp_path / "letters.zip", per_letter=12, seed=1)
    product.call("import_dataset", str(tmp_path / "letters.zip"), "--name", "dozen")

    (tmp_path / "space.json").write_text(json.dumps({"learning_rate": [0.01, 1e-6], "l2": [0, 1]}))
    swept = product.call_json("sweep", "--dataset", "dozen", "--space", str(tmp_path / "space.json"), *TINY, "--queue")
    assert [trial["state"] for trial in swept["trials"]] == ["succeeded"] * 4
    assert swept["best"]["validation_accuracy"] == max(trial["validation_accuracy"] for trial in swept["trials"])
    assert f"/runs/{swept['best']['run']}/" in page(product, f"/sweeps/{swept['sweep']}/")

    product.call("train", "--dataset", "dozen", *TINY, "--name", "mine")
    compressed = product.call_json("compress", "mine")
    assert compressed["file_bytes"] < compressed["parent_file_bytes"]

    quick = ["--images", "500", "--repeats", "2", "--dataset", "dozen", "--queue"]
    for model, precision in (("mine", "fp32"), ("mine fp16", "fp16"), ("mine", "fp16-native")):
        timed = product.call_json("benchmark", "--model", model, "--precision", precision, *quick)
        assert (timed["state"], timed["dataset"], timed["scored"]) == ("succeeded", "dozen", 99)
    devices = page(product, "/devices/")
    assert devices.count(str(timed["device"])) >= 3
    assert "mine fp16" in devices
    assert "Traceback" not in product.output()
