"""Given drawings handed on: JSON lines with every point, and a zip of SVG pictures."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator

from recognizer.giving import shown
from recognizer.models import Drawing
from recognizer.stroke_pictures import to_svg


def json_lines(drawings: Iterable[Drawing]) -> Iterator[str]:
    """Yield one line of JSON for each drawing; docs/drawings.md has the format."""
    for drawing in drawings:
        yield json.dumps(shown(drawing), ensure_ascii=False, separators=(",", ":")) + "\n"


def svg_zip(drawings: Iterable[Drawing]) -> bytes:
    """Return a zip of SVG pictures in a folder for each letter."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for drawing in drawings:
            archive.writestr(f"{drawing.letter}/{drawing.pk:06d}.svg", to_svg(drawing.strokes, title=drawing.letter))
    return file.getvalue()
