"""The drawing of docs/architecture.md: who may import whom, from the contracts that import-linter enforces."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

WIDTH, MARGIN, GAP, HEIGHT = 880, 12, 10, 52
TRAINING = "inside training: each app knows only those below it"
ROOMS = "rooms of "
STYLE = (
    "<style>rect{fill:#fdfbf5;stroke:#9db4cf}text{font:13px system-ui,sans-serif;fill:#26304a}"
    ".app{font-weight:600;font-size:14px}.room{font-size:12px}.note{font-size:12px;fill:#5a6275}</style>"
)
NOTE = "Higher imports lower, never the reverse; so does what stands before ›. Side by side, neither knows the other."
Rows = Sequence[Sequence[str]]


def layers_by_name(pyproject: Path) -> dict[str, list[list[str]]]:
    """The layers of each layers contract, highest first; modules of one layer do not import each other."""
    contracts = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    return {each["name"]: _split(each) for each in contracts if each["type"] == "layers"}


def _split(contract: Mapping[str, Any]) -> list[list[str]]:
    return [[module.strip() for module in layer.split("|")] for layer in contract["layers"]]


def drawing(layers: Mapping[str, Rows]) -> str:
    """The architecture as SVG: a row of apps for each layer, and each app's sub-packages on one line, highest first."""
    parts: list[str] = []
    top = MARGIN
    for row in [["hwrsite"], *layers[TRAINING], ["recognizer"]]:
        width = (WIDTH - 2 * MARGIN - GAP * (len(row) - 1)) / len(row)
        for place, app in enumerate(row):
            rooms = layers.get(ROOMS + app, [])
            parts += _app(app, rooms, left=MARGIN + place * (width + GAP), top=top, width=width)
        top += HEIGHT + GAP
    parts.append(f'<text class="note" x="{MARGIN}" y="{top + 8}">{NOTE}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + 20}" width="{WIDTH}" role="img">'
    title = "<title>Who may import whom</title>"
    paper = f'<rect width="{WIDTH}" height="{top + 20}" style="fill:#fff;stroke:none"/>'
    return "\n".join([head, title, STYLE, paper, *parts, "</svg>"]) + "\n"


def _app(app: str, rooms: Rows, *, left: float, top: float, width: float) -> list[str]:
    line = " › ".join(" · ".join(room.removeprefix(app + ".") for room in layer) for layer in rooms)
    return [
        f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{HEIGHT}" rx="6"/>',
        f'<text class="app" x="{left + 12:g}" y="{top + 21:g}">{app}</text>',
        f'<text class="room" x="{left + 12:g}" y="{top + 41:g}">{line or _WITHOUT_ROOMS.get(app, "")}</text>',
    ]


_WITHOUT_ROOMS = {
    "hwrsite": "settings, addresses, starting and supervising: knows every app, and no app knows it",
    "training.core": "the mathematics: numpy, scipy and recognizer.core",
}
