# %% [markdown]
# # Квантование
# Вес в 32 бита — роскошь: округлите его до целого числа, храните один масштаб на многих, и сеть займёт четверть места
# или одну восьмую. Сколько она ещё прочтёт?

# %%
import sys
from pathlib import Path

ROOT = next(each for each in (Path.cwd(), *Path.cwd().parents) if (each / "recognizer").is_dir())
sys.path.insert(0, str(ROOT))
import dataclasses

import numpy as np
from numpy.typing import NDArray

from notebooks.letters import alphabet
from notebooks.ru.exercise import YourTurn, check
from recognizer.core import model_file
from recognizer.core.ink import specification
from recognizer.core.network import Network

Weights = NDArray[np.float32]
stored = model_file.read(ROOT / "recognizer" / "pretrained" / "tiny.npz")
if not isinstance(stored.network, Network):
    raise TypeError
network: Network = stored.network
ink = specification(stored.card.ink_specification)
letters = alphabet(6, seed=4, ink=ink.name)


# %%
def accuracy(network: Network) -> float:
    """Точность на буквах, написанных генератором."""
    _hidden, scores = network.last_layers(ink.scale(letters.inputs))
    return float((scores.argmax(axis=1) == letters.labels).mean())


print(f"32 бита: {accuracy(network):.1%}")

# %% [markdown]
# ## 1. Масштаб
# В 8 битах целые числа идут от −127 до 127, в b битах — до 2ᵇ⁻¹ − 1. Масштаб s выбирают так, чтобы самый большой вес
# стал самым большим числом.


# %%
def scale_of(weights: Weights, bits: int) -> float:
    """Такое s, что w ≈ s · целое число."""
    raise YourTurn


check("масштаб", lambda: abs(scale_of(np.array([0.5, -2.54], np.float32), 8) - 0.02) < 1e-6)

# %% [markdown]
# ## 2. Округлить и обратно
# Сеть считает с s · round(w / s). Ни один вес не сдвигается больше чем на половину масштаба.


# %%
def rounded(weights: Weights, bits: int) -> Weights:
    """Веса после округления, снова дробные числа."""
    raise YourTurn


def within_half_a_scale() -> bool:
    """Верно ли, что ни один вес не сдвинулся дальше, а разных чисел осталось мало."""
    first = network.weights[0]
    moved = np.abs(rounded(first, 4) - first).max()
    return bool(moved <= scale_of(first, 4) / 2 * 1.001) and len(np.unique(rounded(first, 4))) <= 15


check("округлить и обратно", within_half_a_scale)

# %% [markdown]
# ## 3. Вся сеть
# Все веса в немногих битах, смещения как есть.


# %%
def in_bits(network: Network, bits: int) -> Network:
    """Сеть с округлёнными весами. Её делает `dataclasses.replace(network, weights=…)`."""
    raise YourTurn


check("8 бит почти ничего не стоят", lambda: accuracy(in_bits(network, 8)) > accuracy(network) - 0.02)
check("3 бита обходятся дорого", lambda: accuracy(in_bits(network, 3)) < accuracy(network) - 0.02)

# %% [markdown]
# ## 4. Масштаб для каждого нейрона
# Один большой вес портит масштаб всем. Дайте каждой строке W, то есть нейрону, свой масштаб.


# %%
def rounded_by_row(weights: Weights, bits: int) -> Weights:
    """Как `rounded`, но со своим масштабом для каждой строки."""
    raise YourTurn


def by_row(network: Network, bits: int) -> Network:
    """Сеть, в которой каждая строка округлена отдельно."""
    return dataclasses.replace(network, weights=tuple(rounded_by_row(each, bits) for each in network.weights))


check("свой масштаб каждому нейрону лучше", lambda: accuracy(by_row(network, 4)) >= accuracy(in_bits(network, 4)))
