"""The card of a model file: what it says of its network, as plain JSON."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, NoReturn, Optional

import numpy as np

from recognizer.core.alphabet import RUSSIAN
from recognizer.core.card_content import fault_of, plain
from recognizer.core.card_rules import FORMAT, MAX_LAYERS, MAX_PARAMETERS, RULES
from recognizer.core.doubt import KEY as DOUBT
from recognizer.core.doubt import Doubt, DoubtError
from recognizer.core.ink import InkError, specification
from recognizer.core.messages import message as _
from recognizer.core.network import Network

__all__ = [
    "MAX_LAYERS",
    "MAX_PARAMETERS",
    "ModelCard",
    "ModelFileError",
    "library_versions",
    "parameter_count",
]


class ModelFileError(ValueError):
    """A model file or card that cannot be used; the message is one sentence for whoever sent it."""


def library_versions() -> dict[str, str]:
    """The versions of what computed here."""
    return {"python": platform.python_version(), "numpy": np.__version__}


@dataclass(frozen=True)
class ModelCard:
    """Metadata of a model file. Checks itself: raises ModelFileError.

    `accuracy` is by data set, 0…1, on its test split; `data_sets` is by name, with whatever its
    importer says of each; `recipe` is how it was trained; `parent` is the SHA-256 of the file that
    this one was made from, if any.
    """

    name: str
    sizes: tuple[int, ...]
    activation: str
    ink_specification: str
    created: str
    letters: str = RUSSIAN
    precision: str = "fp32"
    title: str = ""
    seed: Optional[int] = None
    data_sets: dict[str, Any] = field(default_factory=dict)
    recipe: dict[str, Any] = field(default_factory=dict)
    accuracy: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=library_versions)
    licence: str = ""
    credits: tuple[str, ...] = ()
    parent: Optional[str] = None
    format: int = FORMAT

    def __post_init__(self) -> None:
        """Check every field."""
        for name, (holds, rule) in RULES.items():
            value = getattr(self, name)
            if not holds(value):
                raise ModelFileError(
                    _("The model's card has a bad “%(name)s”: it must be %(rule)s.") % {"name": name, "rule": rule}
                )
            if fault := fault_of(value):
                raise ModelFileError(
                    _("The model's card has a bad “%(name)s”: it %(fault)s.") % {"name": name, "fault": fault}
                )
        self._check_inputs()
        self._check_doubt()
        if len(self.letters) != self.sizes[-1]:
            raise ModelFileError(
                _("The model's card names %(letters)s letters, but its last layer has %(neurons)s neurons.")
                % {"letters": len(self.letters), "neurons": self.sizes[-1]}
            )
        if parameter_count(self.sizes) > MAX_PARAMETERS:
            raise ModelFileError(
                _("The model has more than %(max_parameters)s parameters.") % {"max_parameters": f"{MAX_PARAMETERS:,}"}
            )

    def _check_inputs(self) -> None:
        """The first layer must read what its ink specification makes."""
        try:
            length = specification(self.ink_specification).length
        except InkError as error:
            raise ModelFileError(
                _("The model's card has a bad “ink_specification”: %(why)s") % {"why": error.args[0]}
            ) from error
        if self.sizes[0] != length:
            raise ModelFileError(
                _("The first layer reads %(inputs)s inputs, but its ink specification, %(ink)s, makes %(made)s.")
                % {"inputs": self.sizes[0], "ink": self.ink_specification, "made": length}
            )

    def _check_doubt(self) -> None:
        """What the recipe says of the network's doubt must fit its last hidden layer."""
        try:
            hidden = self.doubt().hidden
        except DoubtError as error:
            raise ModelFileError(_("The model's card has a bad “doubt”: %(why)s.") % {"why": error.args[0]}) from error
        if hidden is not None and hidden != self.sizes[-2]:
            raise ModelFileError(
                _("The model's doubt reads %(found)s neurons, but its last hidden layer has %(neurons)s.")
                % {"found": hidden, "neurons": self.sizes[-2]}
            )

    def doubt(self) -> Doubt:
        """The network's doubt, read anew at each call; one that changes nothing where the card has none."""
        return Doubt.of(self.recipe.get(DOUBT, {}))

    def with_doubt(self, doubt: Doubt) -> ModelCard:
        """The card with another doubt."""
        return replace(self, recipe={**self.recipe, DOUBT: doubt.as_dict()})

    @classmethod
    def of(cls, network: Network, *, name: str, ink_specification: str, **others: Any) -> ModelCard:
        """A card for this network, created now unless `created` is given; other fields by name."""
        others.setdefault("created", datetime.now().astimezone().isoformat(timespec="seconds"))
        return cls(
            name=name,
            sizes=network.sizes,
            activation=network.activation,
            ink_specification=ink_specification,
            **others,
        )

    def as_dict(self) -> dict[str, Any]:
        """The card as JSON's types."""
        card = asdict(self)
        return {**card, "sizes": list(self.sizes), "credits": list(self.credits)}

    def to_json(self) -> str:
        """The card as text, the same for equal cards. Raises ModelFileError for what JSON cannot hold."""
        try:
            return json.dumps(self.as_dict(), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise ModelFileError(_("The model's card holds a value that JSON cannot.")) from error

    @classmethod
    def from_json(cls, text: bytes) -> ModelCard:
        """A card read from JSON that is not trusted. Raises ModelFileError."""
        try:
            card = json.loads(text.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ModelFileError(_("The model's card is not valid JSON.")) from error
        if not isinstance(card, dict):
            raise ModelFileError(_("The model's card is not a JSON object."))
        return cls._from_mapping(card)

    @classmethod
    def _from_mapping(cls, card: dict[str, Any]) -> ModelCard:
        """A card from a JSON object, its version looked at before anything else."""
        version = card.get("format")
        if type(version) is int and version > FORMAT:
            raise ModelFileError(
                _("The model file has format %(version)s, and this program knows formats up to %(format)s: update it.")
                % {"version": version, "format": FORMAT}
            )
        expected = {each.name for each in fields(cls)}
        if set(card) != expected:
            wrong = ", ".join(f"“{plain(key[:40])}”" for key in sorted(set(card) ^ expected)[:3])
            raise ModelFileError(
                _("The model's card lacks keys, or has ones that it should not: %(wrong)s.") % {"wrong": wrong}
            )
        for key in ("sizes", "credits"):
            if not isinstance(card[key], list):
                raise ModelFileError(_("The model's card has a bad “%(key)s”: it must be a list.") % {"key": key})
            card[key] = tuple(card[key])
        return cls(**card)


def parameter_count(sizes: tuple[int, ...]) -> int:
    """Weights and biases of a network with layers of these sizes."""
    return sum((inputs + 1) * outputs for inputs, outputs in zip(sizes, sizes[1:]))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
