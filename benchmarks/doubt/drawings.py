"""What a model should refuse: made doodles and marks, other people's digits, Latin capitals of fonts, half letters."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.environments import FOLDER, peers_python
from benchmarks.harness import ROOT, BenchmarkRunError
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink import InkSpecification
from training.datasets.synthesis import fonts, non_letters
from training.datasets.synthesis.hand import Written, write
from training.datasets.synthesis.skeletons import shares, skeletons

Inputs = NDArray[np.uint8]
SEED = 2
"""Another one than that of the non-letters which models are fitted on."""
PER_KIND = 400
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "scribbles": ("zigzag", "loops", "tangle", "walk", "flicks"),
    "lines": ("line",),
    "dots": ("tap", "spot", "dots"),
    "check marks": ("check",),
    "spirals": ("spiral",),
    "smiles": ("smile",),
}
DIGIT_TWINS = {"0": "О", "3": "З", "4": "Ч", "6": "Б"}
"""Digits that are written as a letter is."""
LATIN_TWINS = {
    **dict(zip("ABCEHKMOPTX", "АВСЕНКМОРТХ", strict=True)),
    "Y": "У",
    "U": "И (cursive и)",
    "W": "Ш (cursive ш)",
    "D": "Д (cursive)",
}
"""Latin capitals that look like a printed or cursive Russian letter; the small m, g and n would, too (т, д, п)."""
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGIT_SIDE, MARGIN = 64, 8
"""Pixels that a digit of 8×8 is scaled up to, and its margin."""


def doodles(ink: InkSpecification) -> dict[str, Inputs]:
    """Inputs of each family of doodles and marks, its ways of drawing as often each."""
    rng = np.random.default_rng(SEED)
    return {
        family: np.concatenate([non_letters.inputs(kind, PER_KIND // len(kinds), ink, rng) for kind in kinds])
        for family, kinds in FAMILIES.items()
    }


def digits(ink: InkSpecification) -> dict[str, Inputs]:
    """Inputs of scikit-learn's digits, by digit.

    Raises:
        BenchmarkRunError: scikit-learn cannot be installed.

    """
    python = peers_python(FOLDER / "digits.txt", FOLDER / ".environments" / "digits")
    words = [python, "-m", "benchmarks.subjects.digits"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkRunError(f"The digits could not be read: {done.stderr.strip()[-500:]}")
    found = {digit: [_enlarged(picture) for picture in pictures] for digit, pictures in json.loads(done.stdout).items()}
    return {digit: ink.from_pictures(found[digit])[0] for digit in sorted(found)}


def _enlarged(picture: list[list[int]]) -> Inputs:
    """Dark ink on light paper."""
    grey = Image.fromarray((255 - np.array(picture) * 255 // 16).astype(np.uint8))
    large = np.asarray(grey.resize((DIGIT_SIDE, DIGIT_SIDE), Image.Resampling.BICUBIC))
    return np.pad(large, MARGIN, constant_values=255)


def latin_capitals(ink: InkSpecification) -> dict[str, Inputs]:
    """Inputs of Latin capitals drawn from every font that is installed, turned and slanted; by letter."""
    rng = np.random.default_rng(SEED)
    drawn = {
        letter: [np.asarray(picture) for _family, picture in fonts.draw(letter, 100, rng, letters=LATIN, small=0.0)]
        for letter in LATIN
    }
    return {letter: ink.from_pictures(pictures)[0] for letter, pictures in drawn.items()}


def written_letters(ink: InkSpecification) -> tuple[Inputs, Inputs]:
    """Inputs of synthetic letters, whole, and without their last stroke (or the half of their only one)."""
    rng = np.random.default_rng(SEED)
    whole, half = [], []
    for letter in RUSSIAN:
        counts = shares(letter)
        for index, times in zip(counts, rng.multinomial(40, list(counts.values())).tolist(), strict=True):
            if times:
                written = write(skeletons()[index], times, rng)
                whole.append(non_letters.inputs_of(written, ink, rng))
                half.append(non_letters.inputs_of(_begun(written), ink, rng))
    return np.concatenate(whole), np.concatenate(half)


def _begun(written: Written) -> Written:
    """The same letters, not finished."""
    if len(written.strokes) > 1:
        return replace(
            written, strokes=written.strokes[:-1], corners=written.corners[:-1], joined=written.joined[:, :-1]
        )
    [stroke] = written.strokes
    end = max(2, stroke.shape[1] // 2)
    corners = tuple(corner for corner in written.corners[0] if corner < end)
    return replace(written, strokes=(stroke[:, :end],), corners=(corners,))
