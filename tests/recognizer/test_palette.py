"""The colours of charts: equal on pages and in files, apart from each other, and visible."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000, rgb2lab

from recognizer import palette

STYLES = Path(__file__).resolve().parents[2] / "static" / "css"

# Machado, Oliveira, Fernandes (2009): how linear RGB is seen with a colour sense wholly lacking.
SIGHTS = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(colour: str) -> NDArray[np.float64]:
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def seen(colour: str, sight: str) -> NDArray[np.float64]:
    """The colour's CIELAB as that sight has it."""
    light = np.clip(np.asarray(SIGHTS[sight]) @ linear(colour), 0, 1)
    values = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    lab: NDArray[np.float64] = rgb2lab(values[np.newaxis, np.newaxis])[0, 0]
    return lab


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast of two colours."""
    low, high = sorted(float(linear(colour) @ (0.2126, 0.7152, 0.0722)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_the_stylesheet_has_the_same_colours() -> None:
    pairs = re.findall(r"--series-\d: light-dark\((#\w+), (#\w+)\)", (STYLES / "chart.css").read_text())
    assert tuple(light for light, _dark in pairs) == palette.LIGHT
    assert tuple(dark for _light, dark in pairs) == palette.DARK
    tokens = dict(re.findall(r"--([\w-]+): light-dark\((#\w+, #\w+)\)", (STYLES / "tokens.css").read_text()))
    assert tokens["paper-raised"] == f"{palette.PAPER}, {palette.BOARD}"
    assert tokens["text"].startswith(palette.TEXT)
    assert tokens["rule-faint"].startswith(palette.RULE)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colours", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
def test_series_stay_apart(colours: tuple[str, ...], sight: str) -> None:
    seen_colours = [seen(colour, sight) for colour in colours]
    assert min(float(deltaE_ciede2000(a, b)) for a, b in itertools.combinations(seen_colours, 2)) > 10


@pytest.mark.parametrize(("colours", "ground"), [(palette.LIGHT, palette.PAPER), (palette.DARK, palette.BOARD)])
def test_series_stand_out(colours: tuple[str, ...], ground: str) -> None:
    assert min(contrast(colour, ground) for colour in colours) >= 3


TEXTS = ["text", "text-muted", "ink", "red"]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ground", ["paper", "paper-raised", "paper-sunken", "ink-wash", "red-wash"])
def test_text_can_be_read(theme: int, text: str, ground: str) -> None:
    tokens = dict(re.findall(r"--([\w-]+): light-dark\((#\w+, #\w+)\)", (STYLES / "tokens.css").read_text()))
    assert contrast(tokens[text].split(", ")[theme], tokens[ground].split(", ")[theme]) >= 4.5
