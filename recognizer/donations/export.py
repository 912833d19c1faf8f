"""Donated drawings for others: JSON lines with every point, and a zip of SVG pictures."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from recognizer.models import Drawing
from recognizer.stroke_pictures import Strokes, to_svg


def json_lines(drawings: Iterable[Drawing]) -> Iterator[str]:
    """Yield one line of JSON for each drawing; docs/drawings.md has the format."""
    for drawing in drawings:
        yield json.dumps(as_record(drawing), ensure_ascii=False, separators=(",", ":")) + "\n"


def svg_zip(drawings: Iterable[Drawing]) -> bytes:
    """Return a zip of SVG pictures in a folder for each letter."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for drawing in drawings:
            archive.writestr(f"{drawing.letter}/{drawing.pk:06d}.svg", to_svg(drawing.strokes, title=drawing.letter))
    return file.getvalue()


def as_record(drawing: Drawing) -> dict[str, Any]:
    """A drawing as JSON lines have it: nothing that would tell who drew it, least of all the hash of the code."""
    return {
        "id": drawing.pk,
        "name": drawing.letter,
        "claimed": drawing.claimed,
        "predicted": drawing.predicted,
        "best": drawing.best,
        "model": drawing.model_name,
        "model_sha256": drawing.model_sha256,
        "ink_specification": drawing.ink_specification,
        "donated": drawing.consented_at.isoformat(timespec="seconds"),
        "state": drawing.state,
        "licence": drawing.licence,
        "points": points_of(drawing.strokes),
    }


def points_of(strokes: Strokes) -> list[dict[str, float]]:
    """All points in the order of writing, each with the number of its stroke, and its time where it has one."""
    return [
        {"stroke": number, "x": point[0], "y": point[1], **({"t": point[2]} if len(point) > 2 else {})}
        for number, stroke in enumerate(strokes)
        for point in stroke
    ]
