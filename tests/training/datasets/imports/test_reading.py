"""Reading with helpers: the same as without, also when one of them dies."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings as django_settings
from PIL import Image

from recognizer.core.ink import specification
from tests.training.datasets import making
from training.datasets.archives import open_archive
from training.datasets.imports import pipeline, reading
from training.datasets.imports.decoder_process import ROOT, Helper, HelperGoneError
from training.datasets.imports.decoding import prepare
from training.datasets.imports.pipeline import import_archive
from training.datasets.imports.reading import Gathered, gather, prepared
from training.datasets.layouts import find_plan
from training.datasets.storage.picture_files import PictureWriter
from training.datasets.storage.publish import STANDING_INK

INK = specification(STANDING_INK)
PICTURES = {
    **making.folders(40),
    "set/А/empty.png": b"",
    "set/А/blank.png": making.blank(),
    "set/Б/large.png": making.png(7, side=2100),
    "set/В/cmyk.jpg": making.encoded(Image.open(io.BytesIO(making.png(3))).convert("CMYK"), "JPEG"),
    "set/В/text.png": b"I am a picture",
}


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of ten."""
    monkeypatch.setattr(reading, "BATCH_PICTURES", 10)


@pytest.fixture
def helper() -> Iterator[Helper]:
    """A real one."""
    helper = Helper(INK.name, django_settings.PROPIS_LIMITS)
    yield helper
    helper.close()


def gathered(folder: Path, helpers: list[Helper]) -> tuple[Gathered, bytes]:
    """Read the pictures; what came of it, and the bytes that were kept."""
    folder.mkdir()
    archive = making.write_zip(folder / "a.zip", PICTURES)
    with open_archive(archive) as opened, PictureWriter(folder) as writer:
        found = gather(
            find_plan(opened, making.LETTERS),
            ink=INK,
            helpers=helpers,
            writer=writer,
            progress=lambda _done, _total: None,
            should_stop=lambda: False,
        )
    return found, (folder / "pictures.bin").read_bytes()


def test_helpers_change_nothing(tmp_path: Path, small_batches: None, helper: Helper) -> None:
    alone, bytes_alone = gathered(tmp_path / "alone", [])
    helped, bytes_helped = gathered(tmp_path / "helped", [helper])

    assert len(alone.names) == 122
    assert sorted(fault.name for fault in alone.faults) == ["set/А/blank.png", "set/А/empty.png", "set/В/text.png"]
    assert (helped.names, helped.faults) == (alone.names, alone.faults)
    assert (helped.smallest, helped.largest) == (alone.smallest, alone.largest) == ((28, 28), (1024, 1024))
    assert np.array_equal(helped.inputs[:122], alone.inputs[:122])
    assert helped.index().content_sha256() == alone.index().content_sha256()
    assert bytes_helped == bytes_alone


def test_helper_that_is_killed_costs_no_picture(tmp_path: Path, small_batches: None, helper: Helper) -> None:
    archive = making.write_zip(tmp_path / "a.zip", PICTURES)
    with open_archive(archive) as opened:
        plan = find_plan(opened, making.LETTERS)
        names = []
        for number, (batch, made) in enumerate(prepared(plan, INK, [helper])):
            if number == 1:
                os.kill(helper._process.pid, signal.SIGKILL)
            names += batch.names
            assert np.array_equal(made.inputs, prepare(batch.datas, INK).inputs)

    assert names == list(plan.places)
    with pytest.raises(HelperGoneError):
        helper.take()


PARENT = """
import os, signal
from training.datasets.imports.decoder_process import Helper
helper = Helper("moments-2", {})
print(helper._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_helper_ends_with_its_parent() -> None:
    done = subprocess.run([sys.executable, "-c", PARENT], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == -signal.SIGKILL
    helper = Path("/proc") / done.stdout.strip()
    for _ in range(200):
        if not (helper / "cmdline").exists() or not (helper / "cmdline").read_bytes():  # gone, or waiting for init
            return
        time.sleep(0.1)
    pytest.fail("the helper outlived its parent")


@pytest.mark.django_db
def test_import_with_helpers_is_the_same_data_set(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = import_archive(archive, name="alone", letters=making.LETTERS)
    monkeypatch.setattr(pipeline, "HELPED_FROM", 0)

    helped = import_archive(archive, name="helped", letters=making.LETTERS)

    assert helped.content_sha256 == alone.content_sha256
    assert list(helped.inputs_files.values_list("sha256")) == list(alone.inputs_files.values_list("sha256"))
