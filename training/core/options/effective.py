"""Which hyperparameters have an effect beside the others: two recipes may differ and still train the same network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Recipe = Mapping[str, Any]
"""Every hyperparameter by name, as `Hyperparameters.as_dict` gives them."""


def _has_velocity(recipe: Recipe) -> bool:
    return recipe["optimizer"] in ("momentum", "nesterov")


def _has_steps(recipe: Recipe) -> bool:
    return recipe["schedule"] in ("step", "plateau")


def _is_pruned(recipe: Recipe) -> bool:
    return bool(recipe["sparsity"])


def _is_distilled(recipe: Recipe) -> bool:
    return bool(recipe["distillation"])


def _has_hidden_layers(recipe: Recipe) -> bool:
    return bool(recipe["hidden_layers"])


def _has_softmax_outputs(recipe: Recipe) -> bool:
    return bool(recipe["output"] == "softmax")


CONDITIONS: Mapping[str, Callable[[Recipe], bool]] = {
    "momentum": _has_velocity,
    "step_epochs": _has_steps,
    "step_factor": _has_steps,
    "pruning_begin": _is_pruned,
    "pruning_end": _is_pruned,
    "temperature": _is_distilled,
    "output_error": _has_softmax_outputs,
    "activation": _has_hidden_layers,
    "dropout": _has_hidden_layers,
    "batch_normalization": _has_hidden_layers,
}
"""When each of these has an effect; all others always have one."""
SEVERAL_DATA_SETS = ("source_weights", "closing_weights", "source_balance")
"""What has an effect only with several data sets."""


def effective(recipe: Recipe, *, data_sets: int) -> dict[str, Any]:
    """What of a recipe decides the network: recipes for which this is the same train it to the same bits.

    Args:
        recipe: every hyperparameter.
        data_sets: how many it trains on together.

    """
    without = {name for name, has_effect in CONDITIONS.items() if not has_effect(recipe)}
    without |= set(SEVERAL_DATA_SETS) if data_sets == 1 else set()
    kept = {name: value for name, value in recipe.items() if name not in without}
    if kept["optimizer"] == "adamw" and not kept["l2"]:
        kept["optimizer"] = "adam"  # they differ in how L2 shrinks the weights, and in nothing else
    return kept
