"""Clients that generators make of the API's description call a running server."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.product import Product, need

HERE = Path(__file__).parent
CONFIGURATION = """
package_name_override: propis_client
content_type_overrides: {image/png: application/octet-stream, image/jpeg: application/octet-stream}
"""
pytestmark = [pytest.mark.processor_seconds(300), pytest.mark.xdist_group("api")]


def run(*words: str, folder: Path, environment: dict[str, str]) -> str:
    """Run a program; what it prints."""
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


PYTHON_CALLS = """
import base64, json, sys
from pathlib import Path

from propis_client import Client
from propis_client.api.reading import get_model, read_batch, read_image, read_input, read_strokes
from propis_client.api.reading import read_word, read_word_image
from propis_client.models import DrawnLetter, EncodedInput, LetterAnswer, LetterBatch, PictureForm, RecognitionAnswer
from propis_client.models import DrawnWord, Refusal, UnreadLetter, WordAnswer
from propis_client.types import File

strokes = [[[10, 10, 0], [10, 90, 180]], [[10, 90], [60, 90]]]
with Client(base_url=sys.argv[1]) as client:
    drawn = read_strokes.sync(client=client, body=DrawnLetter(strokes=strokes))
    assert isinstance(drawn, RecognitionAnswer), drawn
    picture = Path(sys.argv[2])
    with picture.open("rb") as file:
        pictured = read_image.sync(client=client, body=PictureForm(image=File(file, "x.png", "image/png")))
    with picture.open("rb") as file:
        itself = read_image.sync(client=client, body=File(file))
    assert isinstance(pictured, RecognitionAnswer) and isinstance(itself, RecognitionAnswer)
    given = read_input.sync(client=client, body=EncodedInput(input_=drawn.input_))
    letters = [DrawnLetter(strokes=strokes), EncodedInput(input_=drawn.input_), DrawnLetter(strokes=[[[5, 5]]])]
    batch = read_batch.sync(client=client, body=LetterBatch(letters=letters))
    kinds = [type(each) for each in batch.letters]
    assert kinds == [LetterAnswer, LetterAnswer, UnreadLetter], kinds
    refused = read_strokes.sync(client=client, body=DrawnLetter(strokes=[]), accept_language="ru")
    assert isinstance(refused, Refusal)
    word = read_word.sync(client=client, body=DrawnWord(strokes=strokes, lexicon=False))
    assert isinstance(word, WordAnswer) and word.letters[0].strokes == [0, 1], word
    with picture.open("rb") as file:
        same = read_word_image.sync(client=client, body=File(file), lexicon=False)
    assert isinstance(same, WordAnswer) and len(same.letters) == 1, same
    model = get_model.sync(client=client)
    assert model.input_bytes == len(base64.b64decode(drawn.input_))
print(json.dumps({
    "drawn": drawn.letter, "given": given.letter, "batch": batch.letters[0].letter, "refused": refused.error,
    "pictured": pictured.letter, "itself": itself.letter, "best": drawn.best[0].probability,
}))
"""


def test_a_python_client(
    site: Product, description: Path, environment: dict[str, str], picture: Path, tmp_path: Path
) -> None:
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION, encoding="utf-8")
    words = ["--path", str(description), "--output-path", "propis_client", "--config", "configuration.yaml"]
    printed = run(
        "openapi-python-client", "generate", *words, "--meta", "none", folder=tmp_path, environment=environment
    )
    assert "Warning" not in printed
    modules = {file.stem for file in (tmp_path / "propis_client" / "api" / "reading").glob("[a-z]*.py")}
    readings = {"read_batch", "read_image", "read_input", "read_page", "read_strokes", "read_word", "read_word_image"}
    assert modules == {"find_nearest", "get_model", *readings}
    (tmp_path / "calls.py").write_text(PYTHON_CALLS, encoding="utf-8")
    answer = json.loads(
        run(sys.executable, "calls.py", site.url, str(picture), folder=tmp_path, environment=environment)
    )
    assert answer["drawn"] == answer["given"] == answer["batch"]
    assert answer["pictured"] == answer["itself"]
    assert 0 < answer["best"] <= 1
    assert answer["refused"].startswith("«strokes»")


def test_a_typescript_client(site: Product, description: Path, environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "typescript"
    shutil.copytree(HERE / "typescript", folder)
    words = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    got = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False)
    need(got.returncode == 0, f"npm, which fetches openapi-typescript and TypeScript ({got.stderr[-300:]})")
    tools = folder / "node_modules" / ".bin"
    run(str(tools / "openapi-typescript"), str(description), "-o", "schema.ts", folder=folder, environment=environment)
    run(str(tools / "tsc"), "-p", ".", folder=folder, environment=environment)
    answer = json.loads(run("node", "read.ts", site.url, folder=folder, environment=environment))
    assert answer["letter"] == answer["again"] == answer["letters"][0]
    assert "dot" in answer["letters"][1]
    assert answer["bytes"] > 0
    assert answer["refused"].startswith("«strokes»")
