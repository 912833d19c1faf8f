"""What schemathesis sends as pictures: real ones of letters, too, since any other bytes are none.

schemathesis imports it by the variable SCHEMATHESIS_HOOKS.
"""

import io

import schemathesis
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont


def page(kind: str, lines: list[str]) -> bytes:
    """A picture file with lines of letters that stand apart."""
    image = Image.new("L", (640, 80 * len(lines) + 80), 255)
    for row, line in enumerate(lines):
        ImageDraw.Draw(image).text((40, 40 + 80 * row), " ".join(line), fill=0, font=ImageFont.load_default(48))
    data = io.BytesIO()
    image.save(data, kind)
    return data.getvalue()


def picture(kind: str, side: int, ends: list[tuple[int, int]]) -> bytes:
    """A picture file with lines from end to end, in hundredths of its side."""
    image = Image.new("L", (side, side), 255)
    points = [(x * side // 100, y * side // 100) for x, y in ends]
    ImageDraw.Draw(image).line(points, fill=0, width=max(2, side // 20))
    data = io.BytesIO()
    image.save(data, kind)
    return data.getvalue()


ENDS = st.lists(st.tuples(st.integers(10, 90), st.integers(10, 90)), min_size=3, max_size=6)
SIDES = st.integers(28, 400)
LINES = st.lists(st.text("AOTXHBPCMKE", min_size=4, max_size=8), min_size=2, max_size=4)


def files(kind: str) -> st.SearchStrategy[bytes]:
    """Mostly pictures of this kind, of a letter or of a page; the other bytes are none."""
    real = st.builds(picture, st.just(kind), SIDES, ENDS)
    return st.one_of(real, st.builds(page, st.just(kind), LINES), st.binary(max_size=200))


schemathesis.openapi.media_type("image/png", files("PNG"))
schemathesis.openapi.media_type("image/jpeg", files("JPEG"))
schemathesis.openapi.format("binary", files("PNG"))
