# %% [markdown]
# # Обратное распространение вручную
# Как меняется стоимость с каждым весом? Обратное распространение отвечает сразу про все: сначала ошибка δ выходов,
# затем назад, слой за слоем. Формулы — из дипломной работы; в `training/core/reference.py` они записаны простыми
# строками.

# %%
import sys
from pathlib import Path

ROOT = next(each for each in (Path.cwd(), *Path.cwd().parents) if (each / "recognizer").is_dir())
sys.path.insert(0, str(ROOT))
from typing import Any

import numpy as np
from numpy.typing import NDArray

from notebooks.ru.exercise import YourTurn, check
from training.core.reference import Reference

Vector = NDArray[np.floating[Any]]

# %% [markdown]
# Сеть: 3 входа, 4 скрытых сигмоидных нейрона и 2 выхода softmax; один пример и его цель.

# %%
rng = np.random.default_rng(7)
W1, W2 = rng.normal(size=(4, 3)), rng.normal(size=(2, 4))
b1, b2 = rng.normal(size=4), rng.normal(size=2)
x, y = np.array([0.2, 0.9, 0.4]), np.array([0.0, 1.0])
network = Reference([W1, W2], [b1, b2])
by_w, by_b = network.gradients(x, y)

# %% [markdown]
# ## 1. Вперёд
# z¹ = W¹x + b¹, a¹ = σ(z¹), z² = W²a¹ + b², a² = softmax(z²) (1.2), (1.3).


# %%
def forward(x: Vector) -> tuple[Vector, Vector, Vector]:
    """z¹ (4,), a¹ (4,) и выходы a² (2,)."""
    raise YourTurn


check("вперёд", lambda: np.allclose(forward(x)[2], network.outputs(x)))

# %% [markdown]
# ## 2. Ошибка выходов
# Softmax с перекрёстной энтропией: всё сокращается, и остаётся выход минус цель.


# %%
def output_error(a2: Vector, y: Vector) -> Vector:
    """δ² (2,)."""
    raise YourTurn


check("ошибка выходов", lambda: np.allclose(output_error(network.outputs(x), y), by_b[1]))

# %% [markdown]
# ## 3. На слой назад
# δ¹ = (W²)ᵀ δ² ⊙ σ′(z¹) (1.19): доля каждого скрытого нейрона в ошибке, умноженная на его наклон.


# %%
def hidden_error(delta2: Vector, z1: Vector) -> Vector:
    """δ¹ (4,)."""
    raise YourTurn


check("на слой назад", lambda: np.allclose(hidden_error(by_b[1], W1 @ x + b1), by_b[0]))

# %% [markdown]
# ## 4. Градиенты
# ∂C/∂b = δ (1.20); ∂C/∂w — каждая δ, умноженная на каждый вход своего слоя (1.21).


# %%
def gradients(x: Vector, y: Vector) -> list[Vector]:
    """∂C/∂W¹ (4, 3), ∂C/∂b¹ (4,), ∂C/∂W² (2, 4), ∂C/∂b² (2,)."""
    raise YourTurn


EXACT = [by_w[0], by_b[0], by_w[1], by_b[1]]
check("градиенты", lambda: all(map(np.allclose, gradients(x, y), EXACT)))

# %% [markdown]
# ## 5. Не верьте, измерьте
# Измените один вес чуть-чуть, на ±h, и посмотрите, как изменится стоимость: (C(w + h) − C(w − h)) / 2h.


# %%
def measured_gradient(row: int, column: int, h: float = 1e-5) -> float:
    """∂C/∂W¹ в одном месте, без обратного распространения. `cost("cross-entropy", outputs, y)` — это C."""
    raise YourTurn


check("измеренный градиент", lambda: abs(measured_gradient(2, 1) - by_w[0][2, 1]) < 1e-6)
