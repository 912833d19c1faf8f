"""`python -m recognizer`: here, and from the wheel in an environment with numpy alone, as the site reads."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognizer import loading
from recognizer.__main__ import main
from recognizer.core.model_file import to_bytes
from recognizer.core.plain_reader import PlainReader
from recognizer.exports.wheel import build
from recognizer.recognition import recognize_picture
from tests.recognizer.core.drawings import LETTERS, picture_of
from tests.recognizer.exports.models import CLASS_SETS, exported


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A PNG of each drawn letter, in greys and in colour by turns."""
    folder = tmp_path_factory.mktemp("pictures")
    paths = []
    for number, (letter, drawing) in enumerate(LETTERS.items()):
        paths.append(folder / f"{letter}.png")
        Image.fromarray(picture_of(drawing)).convert(("L", "RGB")[number % 2]).save(paths[-1])
    return paths


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the wheel and numpy, and without Pillow and Django."""
    folder = tmp_path_factory.mktemp("environment")
    wheel = build("tiny int4", folder / "dist")
    venv.create(folder / "venv", symlinks=True)
    made = folder / "venv" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(made), "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, str(wheel)], check=True)
    [site] = (folder / "venv" / "lib").glob("*/site-packages")
    for source in Path(np.__file__).parents[1].glob("numpy*"):
        (site / source.name).symlink_to(source)
    return made


def run(python: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the wheel's command, outside of the project."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(python), "-m", "recognizer", *words]
    return subprocess.run(command, cwd=python.parent, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_reads_as_the_site_does(python: Path, pictures: list[Path]) -> None:
    done = run(python, "--json", *map(str, pictures))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    model = loading.shipped("tiny int4")
    assert found["model"] == model.card.name
    for path, result in zip(pictures, found["images"], strict=True):
        ours = recognize_picture(path.read_bytes(), model)
        assert (result["letter"], result["refused"]) == (ours.letter, ours.refused)
        assert result["best"][0]["probability"] == pytest.approx(ours.best[0][1], abs=1e-6)


def test_the_wheel_in_words_and_what_it_refuses(python: Path, pictures: list[Path], tmp_path: Path) -> None:
    photo, torn, paper = tmp_path / "photo.jpg", tmp_path / "torn.png", tmp_path / "paper.png"
    Image.open(pictures[0]).save(photo)
    torn.write_bytes(pictures[0].read_bytes()[:-40])
    Image.new("L", (40, 40), 255).save(paper)
    done = run(python, str(pictures[0]), str(photo), str(torn), str(paper), str(tmp_path / "nothing.png"))
    assert done.returncode == 1
    assert done.stdout.startswith(f"{pictures[0]}: К   (К ")
    assert done.stderr.splitlines() == [
        f"{photo}: This is no PNG file; `pip install Pillow` lets other pictures be read.",
        f"{torn}: The PNG file is damaged or cut short.",
        f"{paper}: The picture shows no ink: it is empty, or too faint to tell from its paper.",
        f"{tmp_path / 'nothing.png'}: No such file or directory",
    ]


def test_here_with_pillow(pictures: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo = tmp_path / "photo.jpg"
    Image.open(pictures[1]).save(photo, quality=95)
    assert main([str(photo), "--model", "tiny"]) == 0
    assert f"{photo}: Й" in capsys.readouterr().out
    photo.write_bytes(photo.read_bytes()[:200])
    assert main([str(photo), "--model", "tiny"]) == 1
    assert capsys.readouterr().err == f"{photo}: The picture is damaged or cut short.\n"


@pytest.mark.parametrize("letters", CLASS_SETS, ids=len)
@pytest.mark.parametrize("precision", ["fp32", "int4"])
def test_any_model_file(pictures: list[Path], tmp_path: Path, precision: str, letters: str) -> None:
    model = exported(precision, letters=letters, is_calibrated=False)
    path = tmp_path / "own.npz"
    path.write_bytes(to_bytes(model.network, model.card))
    answer = PlainReader(path).read_picture(np.asarray(Image.open(pictures[0])))
    assert answer.letter in letters
    assert len(answer.best) == min(5, len(letters))


def test_strokes() -> None:
    reader = PlainReader(loading.PRETRAINED / "tiny int4.npz")
    assert [reader.read_strokes(drawing).letter for drawing in LETTERS.values()] == list(LETTERS)


def test_a_model_that_cannot_be_used(pictures: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "short.npz"
    path.write_bytes((loading.PRETRAINED / "tiny int4.npz").read_bytes()[:-9])
    for model, why in ((path, "damaged or cut off"), (tmp_path / "none.npz", "No such file")):
        assert main([str(pictures[0]), "--model", str(model)]) == 2
        error = capsys.readouterr().err
        assert why in error
        assert error.count("\n") == 1
