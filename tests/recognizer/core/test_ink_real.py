"""The real archives' ink is found as it is: dark on light, none of it empty."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognizer.core.ink import specification
from recognizer.core.ink.pictures import to_masks


def pictures_of(archive: Path, every: int) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    """Pictures of an archive at equal intervals, as greys."""
    with zipfile.ZipFile(archive) as opened:
        names = [name for name in opened.namelist() if name.endswith(".png")][::every]
        return [np.array(Image.open(io.BytesIO(opened.read(name))).convert("L")) for name in names]


@pytest.mark.realdata
@pytest.mark.parametrize(("name", "every"), [("cmnist.zip", 150), ("comnist-cyrillic.zip", 120)])
def test_ink_of_real_letters(real_archives: Path, name: str, every: int) -> None:
    greys = np.stack(pictures_of(real_archives / name, every))
    masks, same = to_masks(greys)
    assert (same == greys).all()
    assert (masks != (greys < 128)).mean() < 0.001
    for specified in ("moments-1", "moments-2", "raw-28"):
        assert specification(specified).from_pictures(greys)[1].all()
