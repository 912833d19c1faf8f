# %% [markdown]
# # A neuron
# A neuron multiplies each input by a weight, adds everything up with a bias, and bends the sum:
# z = w·x + b, a = σ(z) (1.2). Fill in what says *your turn*; each check tells how it went.

# %%
import sys
from pathlib import Path

ROOT = next(each for each in (Path.cwd(), *Path.cwd().parents) if (each / "recognizer").is_dir())
sys.path.insert(0, str(ROOT))
from typing import Any

import numpy as np
from numpy.typing import NDArray

from notebooks.exercise import check
from notebooks.letters import written
from training.core import reference

Vector = NDArray[np.floating[Any]]

# %% [markdown]
# ## 1. The sigmoid
# σ(z) = 1 / (1 + e⁻ᶻ), (1.1): 0.5 at 0, close to 1 far right, close to 0 far left.


# %%
def sigmoid(z: Vector) -> Vector:
    """σ(z) of each number."""
    return np.asarray(1 / (1 + np.exp(-z)))


Z = np.linspace(-6, 6, 13)
check("the sigmoid", lambda: np.allclose(sigmoid(Z), reference.sigmoid(Z)))

# %% [markdown]
# ## 2. The output of a neuron
# For many inputs at once: `x` has a row for each of m letters, so a = σ(x w + b) has m numbers.


# %%
def output(w: Vector, b: float, x: Vector) -> Vector:
    """a (m,) for weights w (n,), bias b and inputs x (m, n)."""
    return sigmoid(x @ w + b)


W, X = np.array([2.0, -1.0, 0.5]), np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
check("the output", lambda: np.allclose(output(W, 0.1, X), reference.sigmoid(np.array([2.6, -0.9]))))

# %% [markdown]
# ## 3. A saturated neuron
# The slope of the sigmoid is σ′(z) = σ(z)(1 − σ(z)): 0.25 at 0, and almost nothing far out (Figure 15). From which z on
# is it below 0.01?


# %%
def slope(z: Vector) -> Vector:
    """σ′(z) of each number."""
    return sigmoid(z) * (1 - sigmoid(z))


def saturated_from() -> float:
    """The z above 0 at which the slope is 0.01, to within 0.05."""
    places = np.linspace(0, 10, 1001)
    return float(places[np.argmax(slope(places) < 0.01)])


check("the slope", lambda: np.allclose(slope(Z), reference.derivative("sigmoid", Z)))
check("where it saturates", lambda: abs(saturated_from() - 4.585) < 0.05)

# %% [markdown]
# ## 4. A neuron that tells А from О
# 784 pixels, 784 weights. With the cross-entropy cost the gradient is (a − y) x for the weights and (a − y) for the
# bias, as in (1.25) and (1.26): the slope has cancelled out. Go downhill a hundred times, on all letters at once.

# %%
seen, unseen = (written("АО", 40, seed=seed) for seed in (1, 2))


def trained(x: Vector, y: Vector, rate: float = 0.5) -> tuple[Vector, float]:
    """Weights (784,) and bias after 100 steps over inputs x (m, 784) in 0…1 and targets y (m,), 0 or 1."""
    w, b = np.zeros(x.shape[1]), 0.0
    for _step in range(100):
        error = output(w, b, x) - y
        w -= rate * (error @ x) / len(x)
        b -= rate * float(error.mean())
    return w, b


def share_right() -> float:
    """Of letters that it was not trained on."""
    w, b = trained(seen.inputs / 255, seen.labels.astype(float))
    return float(((output(w, b, unseen.inputs / 255) > 0.5) == unseen.labels).mean())


check("a neuron that learns", lambda: share_right() > 0.9)
