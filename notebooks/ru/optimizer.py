# %% [markdown]
# # Собственный оптимизатор
# Обратное распространение даёт градиент, а оптимизатор решает, что с ним делать. Здесь вы напишете два и обучите с ними
# сеть в собственном цикле программы, `training.core`.

# %%
import sys
from pathlib import Path

ROOT = next(each for each in (Path.cwd(), *Path.cwd().parents) if (each / "recognizer").is_dir())
sys.path.insert(0, str(ROOT))
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np

from notebooks.letters import written
from notebooks.ru.exercise import YourTurn, check
from training.core import loop
from training.core.hyperparameters import Hyperparameters
from training.core.optimization.optimizers import Optimizer
from training.core.state import TrainingState
from training.core.trainer import train

LETTERS = "АЖНОРЩЮЯ"
seen, unseen = (written(LETTERS, 30, seed=seed) for seed in (1, 2))


# %%
@contextmanager
def using(optimizer: type[Optimizer]) -> Iterator[None]:
    """Пусть цикл обучает с этим оптимизатором."""
    with patch.object(loop, "optimizer_class", lambda _hyperparameters: optimizer):
        yield


def result(kind: str = "momentum", epochs: int = 3, rate: float = 0.02) -> tuple[TrainingState, float]:
    """Сеть после нескольких эпох и её точность на буквах, на которых она не училась."""
    recipe = Hyperparameters(
        ink_specification="moments-2",
        hidden_layers=(24,),
        optimizer=kind,
        learning_rate=rate,
        batch_size=8,
        epochs=epochs,
        momentum=0.9,
        seed=3,
    )
    state = TrainingState.begin(recipe, n_inputs=784, n_classes=len(LETTERS))
    *_first, last = train(state, seen, unseen)
    return state, last.validation_accuracy


# %% [markdown]
# ## 1. Импульс
# Катящийся шар: v → μv − η∇C, w → w + v. `self.gradient.flat` — это ∇C, `self.arrays["velocity"]` — это v; оба — один
# длинный вектор всех параметров. `self._add(change, 1)` сдвигает параметры на change.


# %%
class MyMomentum(Optimizer):
    """Импульс."""

    memory = ("velocity",)

    def _update(self, rate: float, step: int) -> None:
        """Один шаг со скоростью обучения η = `rate`; μ — это `self.hyperparameters.momentum`."""
        raise YourTurn


def same_as_ours() -> bool:
    """Сдвигает ли ваш оптимизатор веса так же, как оптимизатор программы."""
    with using(MyMomentum):
        mine, _accuracy = result()
    ours, _accuracy = result()
    return np.allclose(mine.arrays["parameters"], ours.arrays["parameters"], atol=1e-4)


check("импульс", same_as_ours)

# %% [markdown]
# ## 2. Что-нибудь своё
# Важен только знак градиента: каждый параметр сдвигается на η. Учится ли такая сеть? Потом меняйте как хотите: шаги,
# которые становятся короче, память о прежних градиентах, …


# %%
class MyOwn(Optimizer):
    """Ваш оптимизатор."""

    def _update(self, rate: float, step: int) -> None:
        """Один шаг; `step` — его номер, начиная с нуля."""
        raise YourTurn


def reached() -> float:
    """Точность с этим оптимизатором."""
    with using(MyOwn):
        return result(rate=0.004, epochs=5)[1]


check("с вашим оптимизатором прочитано больше 70 % букв", lambda: reached() > 0.7)
