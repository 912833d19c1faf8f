"""`python -m recognizer IMAGE…`: reads handwritten letters with numpy alone, without Django."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported

import numpy as np

from recognizer.core import png
from recognizer.core.ink import InkError, Picture
from recognizer.core.model_card import ModelFileError
from recognizer.core.plain_reader import PlainAnswer, PlainReader

PRETRAINED = Path(__file__).parent / "pretrained"
DEPTH = 24
"""Where a PNG has its bits of a value."""
LARGEST_SIDE = 1024
PREFERRED = ("best", "standard", "small", "tiny")
"""Of the models that came with the program, which reads where none is named."""


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command line; returns 1 where a picture was not read, 2 where the model cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m recognizer", description="Reads handwritten Russian letters.")
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="a picture of one letter")
    parser.add_argument("--model", help=f"of {', '.join(_names())}, or a model file (default: {_names()[0]})")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    try:
        reader = PlainReader(_path(options.model))
    except (OSError, ModelFileError) as error:
        print(f"recognizer: {options.model or _names()[0]}: {error}", file=sys.stderr)
        return 2
    results = [_read(path, reader) for path in options.images]
    if options.json:
        print(json.dumps({"model": reader.card.name, "images": results}, ensure_ascii=False))
    for result in results:
        if "error" in result:
            print(f"{result['file']}: {result['error']}", file=sys.stderr)
        elif not options.json:
            print(f"{result['file']}: {_sentence(result)}")
    return 1 if any("error" in result for result in results) else 0


def _names() -> List[str]:
    """Names of the models that came with the program, the preferred one first."""
    names = sorted(path.stem for path in PRETRAINED.glob("*.npz"))
    return [*(name for name in PREFERRED if name in names), *(name for name in names if name not in PREFERRED)]


def _path(model: Optional[str]) -> Path:
    name = model or _names()[0]
    shipped = PRETRAINED / f"{name}.npz"
    return shipped if shipped.is_file() else Path(name)


def _read(path: Path, reader: PlainReader) -> Dict[str, Any]:
    try:
        return {"file": str(path), **_as_dict(reader.read_picture(_pixels(path.read_bytes())))}
    except OSError as error:
        return {"file": str(path), "error": error.strerror or "cannot be read"}
    except (png.PngError, InkError) as error:
        return {"file": str(path), "error": str(error)}


def _pixels(data: bytes) -> Picture:
    """The pixels: by Pillow where it is installed, else of PNG files alone."""
    is_png = data.startswith(png.SIGNATURE)
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError:
        if not is_png:
            raise png.PngError("This is no PNG file; `pip install Pillow` lets other pictures be read.") from None
        return png.decode(data)
    if is_png and data[DEPTH : DEPTH + 1] == b"\x10":  # of 16 bits a value Pillow would keep the wrong ones
        return png.decode(data)
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BOX)
            return np.asarray(ImageOps.exif_transpose(image).convert("RGBA"))
    except UnidentifiedImageError as error:
        raise png.PngError("This is not a picture.") from error
    except Exception as error:  # Pillow's decoders raise many types on damaged files
        raise png.PngError("The picture is damaged or cut short.") from error


def _as_dict(answer: PlainAnswer) -> Dict[str, Any]:
    best = [{"letter": letter, "probability": round(probability, 6)} for letter, probability in answer.best]
    return {"letter": answer.letter, "best": best, "refused": answer.refused}


def _sentence(result: Dict[str, Any]) -> str:
    if result["refused"]:
        nearest = " or ".join(guess["letter"] for guess in result["best"][:2])
        return f"this does not look like a letter (nearest: {nearest})"
    return f"{result['letter']}   ({'  '.join(_guess(guess) for guess in result['best'])})"


def _guess(guess: Dict[str, Any]) -> str:
    return f"{guess['letter']} {guess['probability']:.1%}"


if __name__ == "__main__":
    sys.exit(main())
