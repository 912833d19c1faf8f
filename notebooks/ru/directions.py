# %% [markdown]
# # Направления штрихов
# Сети сегодняшней программы видят не пиксели, а то, как идут штрихи: градиент картинки, разложенный на восемь
# направлений, каждое — сквозь крупную сетку. Это даёт больше, чем всё остальное в рецепте.

# %%
import sys
from pathlib import Path

ROOT = next(each for each in (Path.cwd(), *Path.cwd().parents) if (each / "recognizer").is_dir())
sys.path.insert(0, str(ROOT))
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from notebooks.letters import written
from notebooks.ru.exercise import YourTurn, check
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink import specification
from training.core.hyperparameters import Hyperparameters
from training.core.samples import Samples
from training.core.state import TrainingState
from training.core.trainer import train

Picture = NDArray[np.float64]
letter = written("Ж", 1, seed=5).inputs[0].reshape(28, 28).astype(float)

# %% [markdown]
# ## 1. Градиент
# По Собелю: насколько справа светлее, чем слева? Сложите три строки с весами 1, 2, 1, затем из столбца справа вычтите
# столбец слева. За краем картинки везде 0.


# %%
def across(picture: Picture) -> Picture:
    """Градиент вправо, (28, 28)."""
    raise YourTurn


check("градиент", lambda: np.allclose(across(letter), ndimage.sobel(letter, axis=1, mode="constant")))

# %% [markdown]
# ## 2. Восемь направлений
# Каждый вектор (вправо, вниз) — сумма двух: вдоль ближайшей оси и вдоль ближайшей диагонали. (5, 2) — это 3 вправо и
# (2, 2) по диагонали вправо вниз. Номер 0 — вправо, 1 — вправо вниз, 2 — вниз, … 7 — вправо вверх; число диагонали —
# длина её тени на оси, здесь 2.


# %%
def split(right: float, down: float) -> list[float]:
    """Восемь частей вектора: ни одной меньше нуля, не больше двух отличных от нуля."""
    raise YourTurn


STEPS = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))


def adds_up() -> bool:
    """Дают ли части многих векторов в сумме сами векторы."""
    for right, down in np.random.default_rng(1).normal(size=(100, 2)).tolist():
        parts = np.array(split(right, down))
        if (parts < 0).any() or (parts > 0).sum() > 2 or not np.allclose(parts @ STEPS, (right, down)):
            return False
    return True


check("(5, 2)", lambda: split(5, 2) == [3, 2, 0, 0, 0, 0, 0, 0])
check("любой вектор", adds_up)

# %% [markdown]
# ## 3. Чего это стоит?
# Обучите одну и ту же маленькую сеть дважды, на пикселях и на направлениях, и сравните.

# %%
LETTERS = RUSSIAN[:16]


def accuracy(ink: str) -> float:
    """Точность сети с 16 скрытыми нейронами после десяти эпох на буквах, на которых она не училась."""
    kind = specification(ink)
    seen, unseen = (written(LETTERS, 40, seed=seed) for seed in (1, 2))  # картинки
    recipe = Hyperparameters(
        ink_specification=ink, hidden_layers=(16,), optimizer="adam", learning_rate=0.01, batch_size=16, epochs=10
    )
    state = TrainingState.begin(recipe, n_inputs=kind.length, n_classes=len(LETTERS))
    *_first, last = train(state, seen, Samples(kind.of_pictures(unseen.inputs), unseen.labels))
    return last.validation_accuracy


def gain() -> float:
    """На сколько больше доля букв, прочитанных с `directions-1`, чем с `moments-2`."""
    raise YourTurn


check("с направлениями прочитано больше", lambda: gain() > 0)
