"""An import that is killed leaves nothing behind: the next one cleans it away."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.product import ROOT, Product
from training.datasets import synthesis


@pytest.mark.timeout(120)
def test_killed_import_is_cleaned_away(product: Product, tmp_path: Path) -> None:
    archive = tmp_path / "letters.zip"
    synthesis.make_archive(archive, per_letter=40)
    product.manage("migrate", "--verbosity", "0")
    datasets = Path(product.environment["PROPIS_VAR"]) / "datasets"

    killed_after_pictures = _start_and_kill(product, archive, datasets)

    assert killed_after_pictures > 0
    [left] = datasets.iterdir()
    assert left.name.startswith("importing-")

    figures = product.manage_json("import_dataset", str(archive), "--name", "letters")

    assert figures["pictures"] == 40 * 33
    assert [path.name for path in datasets.iterdir()] == [str(figures["id"])]


def _start_and_kill(product: Product, archive: Path, datasets: Path) -> int:
    """Kill an import with SIGKILL once it has kept some pictures; return the bytes that it had kept."""
    command = [sys.executable, "manage.py", "import_dataset", str(archive), "--name", "letters"]
    with subprocess.Popen(command, cwd=ROOT, env=product.environment, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 60
        while (kept := sum(path.stat().st_size for path in datasets.glob("importing-*/pictures.bin"))) == 0:
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < end
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert process.returncode == -signal.SIGKILL
    return kept
