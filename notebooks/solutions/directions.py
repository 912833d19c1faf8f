# %% [markdown]
# # Directions of strokes
# The networks of today's product see no pixels but how strokes run: the gradient of the picture, split into eight
# directions, each seen through a coarse grid. This is worth more than anything else in the recipe.

# %%
import sys
from pathlib import Path

ROOT = next(each for each in (Path.cwd(), *Path.cwd().parents) if (each / "recognizer").is_dir())
sys.path.insert(0, str(ROOT))
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from notebooks.exercise import check
from notebooks.letters import written
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink import specification
from recognizer.core.ink.directions import DIRECTIONS
from training.core.hyperparameters import Hyperparameters
from training.core.samples import Samples
from training.core.state import TrainingState
from training.core.trainer import train

Picture = NDArray[np.float64]
letter = written("Ж", 1, seed=5).inputs[0].reshape(28, 28).astype(float)

# %% [markdown]
# ## 1. The gradient
# Sobel's: how much brighter is the right than the left? Add up three rows with weights 1, 2, 1, then take the column to
# the right minus the column to the left. Outside the picture all is 0.


# %%
def across(picture: Picture) -> Picture:
    """The gradient to the right, (28, 28)."""
    wide = np.pad(picture, 1)
    smooth = wide[:-2] + 2 * wide[1:-1] + wide[2:]
    return np.asarray(smooth[:, 2:] - smooth[:, :-2])


check("the gradient", lambda: np.allclose(across(letter), ndimage.sobel(letter, axis=1, mode="constant")))

# %% [markdown]
# ## 2. Eight directions
# Each vector (right, down) is the sum of two: one along the nearest axis, one along the nearest diagonal. (5, 2) is
# 3 to the right and (2, 2) along the diagonal down right. Number 0 is right, 1 down right, 2 down, … 7 up right; a
# diagonal's number is the length of its shadow on an axis, here 2.


# %%
def split(right: float, down: float) -> list[float]:
    """The eight parts of a vector, none below 0, at most two above."""
    parts = [0.0] * DIRECTIONS
    width, height = abs(right), abs(down)
    axis = (0 if right > 0 else 4) if width >= height else (2 if down > 0 else 6)
    diagonal = {(True, True): 1, (False, True): 3, (False, False): 5, (True, False): 7}[right > 0, down > 0]
    parts[axis] = abs(width - height)
    parts[diagonal] = min(width, height)
    return parts


STEPS = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))


def adds_up() -> bool:
    """Whether the parts of many vectors add up to them."""
    for right, down in np.random.default_rng(1).normal(size=(100, 2)).tolist():
        parts = np.array(split(right, down))
        if (parts < 0).any() or (parts > 0).sum() > 2 or not np.allclose(parts @ STEPS, (right, down)):
            return False
    return True


check("(5, 2)", lambda: split(5, 2) == [3, 2, 0, 0, 0, 0, 0, 0])
check("any vector", adds_up)

# %% [markdown]
# ## 3. What is it worth?
# Train the same small network twice, on pixels and on directions, and compare.

# %%
LETTERS = RUSSIAN[:16]


def accuracy(ink: str) -> float:
    """Of a network with 16 hidden neurons after ten epochs, on letters that it was not trained on."""
    kind = specification(ink)
    seen, unseen = (written(LETTERS, 40, seed=seed) for seed in (1, 2))  # pictures
    recipe = Hyperparameters(
        ink_specification=ink, hidden_layers=(16,), optimizer="adam", learning_rate=0.01, batch_size=16, epochs=10
    )
    state = TrainingState.begin(recipe, n_inputs=kind.length, n_classes=len(LETTERS))
    *_first, last = train(state, seen, Samples(kind.of_pictures(unseen.inputs), unseen.labels))
    return last.validation_accuracy


def gain() -> float:
    """How much more of the letters are read with `directions-1` than with `moments-2`."""
    return accuracy("directions-1") - accuracy("moments-2")


check("directions read more", lambda: gain() > 0)
