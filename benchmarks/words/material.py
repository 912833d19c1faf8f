"""Letters that people have drawn, for words: pictures of CoMNIST, and the same as strokes."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.words.making import RealLetter
from recognizer.core.words.lexicon import ROOT, SAME, Lexicon

ARCHIVE = "comnist-cyrillic.zip"
LETTERS_OF_A_HAND = 30


def real_letters(data: Path, split: str) -> Mapping[str, Sequence[RealLetter]]:
    """All letters of a split of CoMNIST, `validation` or `test`, by letter."""
    import zipfile

    from benchmarks.accuracy.measuring import prepare
    from recognizer.core.alphabet import RUSSIAN
    from training.datasets.content.splitting import Split
    from training.datasets.models import Dataset
    from training.datasets.storage.picture_files import Index

    prepare(data, ["comnist"])
    index = Index.load(Dataset.objects.get(name="comnist").folder)
    stock: dict[str, list[RealLetter]] = {letter: [] for letter in RUSSIAN}
    with zipfile.ZipFile(data / ARCHIVE) as archive:
        for place in np.flatnonzero(index.splits == Split[split.upper()]).tolist():
            stock[RUSSIAN[index.labels[place]]].append(_real(archive.read(index.names[place])))
    return stock


def _real(png: bytes) -> RealLetter:
    from benchmarks.materials.replayed import traced

    grey = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    rows, columns = np.nonzero(grey < 128)
    top, left = rows.min(), columns.min()
    cut = grey[top : rows.max() + 1, left : columns.max() + 1]
    return RealLetter(cut, [stroke - (left, top) for stroke in traced(png)])


def written_letters(seed: int) -> Mapping[str, Sequence[RealLetter]]:
    """Letters that the generator's hand writes, as a pen lifts between strokes; without pictures."""
    from recognizer.core.alphabet import RUSSIAN
    from training.datasets.synthesis import hand
    from training.datasets.synthesis.skeletons import shares, skeletons

    rng = np.random.default_rng(seed)
    stock = {}
    for letter in RUSSIAN:
        share = shares(letter)
        chosen = rng.choice([*share], LETTERS_OF_A_HAND, p=[*share.values()])
        stock[letter] = [_written(hand.write(skeletons()[number], 1, rng).drawing(0)) for number in chosen.tolist()]
    return stock


def _written(drawing: Sequence[Sequence[tuple[float, float]]]) -> RealLetter:
    strokes = [np.array(stroke) for stroke in drawing]
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    wide, high = np.maximum(extent.astype(int), 2).tolist()
    return RealLetter(np.full((high, wide), 255, np.uint8), [stroke - low for stroke in strokes])


def dictionary_words(lexicon: Lexicon, *, shortest: int, longest: int) -> list[str]:
    """The words of a lexicon of so many letters, in order."""
    found, waiting = [], [("", ROOT)]
    while waiting:
        begun, state = waiting.pop()
        for letter, (following, ends) in lexicon.followers(state).items() if state else ():
            word = begun + letter
            if letter in SAME:
                continue
            if ends and shortest <= len(word) <= longest:
                found.append(word)
            if len(word) < longest:
                waiting.append((word, following))
    return sorted(found)
