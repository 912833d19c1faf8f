# %% [markdown]
# # Нейрон
# Нейрон умножает каждый вход на вес, складывает всё вместе со смещением и изгибает сумму: z = w·x + b, a = σ(z) (1.2).
# Впишите своё там, где стоит `YourTurn`; каждая проверка скажет, что получилось.

# %%
import sys
from pathlib import Path

ROOT = next(each for each in (Path.cwd(), *Path.cwd().parents) if (each / "recognizer").is_dir())
sys.path.insert(0, str(ROOT))
from typing import Any

import numpy as np
from numpy.typing import NDArray

from notebooks.letters import written
from notebooks.ru.exercise import YourTurn, check
from training.core import reference

Vector = NDArray[np.floating[Any]]

# %% [markdown]
# ## 1. Сигмоида
# σ(z) = 1 / (1 + e⁻ᶻ), (1.1): 0,5 в нуле, далеко справа почти 1, далеко слева почти 0.


# %%
def sigmoid(z: Vector) -> Vector:
    """σ(z) для каждого числа."""
    raise YourTurn


Z = np.linspace(-6, 6, 13)
check("сигмоида", lambda: np.allclose(sigmoid(Z), reference.sigmoid(Z)))

# %% [markdown]
# ## 2. Выход нейрона
# Сразу для многих входов: в `x` по строке на каждую из m букв, и в a = σ(x w + b) столько же чисел.


# %%
def output(w: Vector, b: float, x: Vector) -> Vector:
    """a (m,) при весах w (n,), смещении b и входах x (m, n)."""
    raise YourTurn


W, X = np.array([2.0, -1.0, 0.5]), np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
check("выход", lambda: np.allclose(output(W, 0.1, X), reference.sigmoid(np.array([2.6, -0.9]))))

# %% [markdown]
# ## 3. Насыщенный нейрон
# Наклон сигмоиды σ′(z) = σ(z)(1 − σ(z)): 0,25 в нуле и почти ничего вдали (рисунок 15). Начиная с какого z он меньше
# 0,01?


# %%
def slope(z: Vector) -> Vector:
    """σ′(z) для каждого числа."""
    raise YourTurn


def saturated_from() -> float:
    """То z больше нуля, при котором наклон равен 0,01, с точностью до 0,05."""
    raise YourTurn


check("наклон", lambda: np.allclose(slope(Z), reference.derivative("sigmoid", Z)))
check("где нейрон насыщается", lambda: abs(saturated_from() - 4.585) < 0.05)

# %% [markdown]
# ## 4. Нейрон, который отличает А от О
# 784 пикселя, 784 веса. С перекрёстной энтропией градиент по весам — (a − y) x, по смещению — (a − y), как в (1.25) и
# (1.26): наклон сократился. Сделайте сто шагов вниз, каждый по всем буквам сразу.

# %%
seen, unseen = (written("АО", 40, seed=seed) for seed in (1, 2))


def trained(x: Vector, y: Vector, rate: float = 0.5) -> tuple[Vector, float]:
    """Веса (784,) и смещение после 100 шагов по входам x (m, 784) от 0 до 1 и целям y (m,), 0 или 1."""
    raise YourTurn


def share_right() -> float:
    """Доля верно прочитанных букв, на которых нейрон не учился."""
    w, b = trained(seen.inputs / 255, seen.labels.astype(float))
    return float(((output(w, b, unseen.inputs / 255) > 0.5) == unseen.labels).mean())


check("нейрон, который учится", lambda: share_right() > 0.9)
