"""What a model file says of its network: the card, plain JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Container
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, Callable, NoReturn, Optional

import numpy as np

from recognizer.core.activations import ACTIVATIONS
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink import SPECIFICATIONS
from recognizer.core.network import Network
from recognizer.core.precision import PRECISIONS

FORMAT = 1
"""The version of the model file's format; a reader refuses later ones."""
N_INPUTS = 784
MAX_LAYERS = 16
MAX_PARAMETERS = 16_000_000
MAX_TEXT = 10_000


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
        for name, (holds, rule) in _RULES.items():
            value = getattr(self, name)
            if not holds(value):
                raise ModelFileError(f"The model's card has a bad “{name}”: it must be {rule}.")
        if len(self.letters) != self.sizes[-1]:
            raise ModelFileError(
                f"The model's card names {len(self.letters)} letters, but its last layer has {self.sizes[-1]} neurons."
            )
        if parameter_count(self.sizes) > MAX_PARAMETERS:
            raise ModelFileError(f"The model has more than {MAX_PARAMETERS:,} parameters.")

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
            raise ModelFileError("The model's card holds a value that JSON cannot.") from error

    @classmethod
    def from_json(cls, text: bytes) -> ModelCard:
        """A card read from JSON that nobody vouches for. Raises ModelFileError."""
        try:
            card = json.loads(text.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ModelFileError("The model's card is not valid JSON.") from error
        if not isinstance(card, dict):
            raise ModelFileError("The model's card is not a JSON object.")
        return cls._from_mapping(card)

    @classmethod
    def _from_mapping(cls, card: dict[str, Any]) -> ModelCard:
        """A card from a JSON object, its version looked at before anything else."""
        version = card.get("format")
        if type(version) is int and version > FORMAT:
            raise ModelFileError(
                f"The model file has format {version}, and this program knows formats up to {FORMAT}: update it."
            )
        expected = {each.name for each in fields(cls)}
        if set(card) != expected:
            wrong = ", ".join(f"“{key[:40]}”" for key in sorted(set(card) ^ expected)[:3])
            raise ModelFileError(f"The model's card lacks keys, or has ones that it should not: {wrong}.")
        for key in ("sizes", "credits"):
            if not isinstance(card[key], list):
                raise ModelFileError(f"The model's card has a bad “{key}”: it must be a list.")
            card[key] = tuple(card[key])
        return cls(**card)


def parameter_count(sizes: tuple[int, ...]) -> int:
    """Weights and biases of a network with layers of these sizes."""
    return sum((inputs + 1) * outputs for inputs, outputs in zip(sizes, sizes[1:]))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and _encodes(value)


def _encodes(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 100 and value.isprintable() and _encodes(value)


def _is_whole(value: object) -> bool:
    return type(value) is int


def _are_sizes(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and 2 <= len(value) <= MAX_LAYERS + 1
        and all(type(size) is int and 0 < size <= MAX_PARAMETERS for size in value)
        and value[0] == N_INPUTS
    )


def _are_letters(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and len(set(value)) == len(value) > 0 and _encodes(value)


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_mapping(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(key, str) for key in value)


def _is_share(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, (int, float)) and 0 <= value <= 1


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and all(digit in "0123456789abcdef" for digit in value)


def _one_of(names: Container[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in names


_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "format": (lambda value: _is_whole(value) and 1 <= value <= FORMAT, f"a whole number from 1 to {FORMAT}"),
    "name": (_is_name, "a line of 1 to 100 characters"),
    "sizes": (_are_sizes, f"{N_INPUTS} and then one to {MAX_LAYERS} positive whole numbers"),
    "activation": (_one_of(ACTIVATIONS), f"one of {', '.join(ACTIVATIONS)}"),
    "ink_specification": (_one_of(SPECIFICATIONS), f"one that this program knows, {', '.join(SPECIFICATIONS)}"),
    "created": (_is_date, "an ISO 8601 date"),
    "letters": (_are_letters, "a text of different letters"),
    "precision": (_one_of(PRECISIONS), f"one of {', '.join(PRECISIONS)}"),
    "title": (_is_text, f"a text of at most {MAX_TEXT} characters"),
    "seed": (lambda value: value is None or _is_whole(value), "a whole number or nothing"),
    "data_sets": (_is_mapping, "an object"),
    "recipe": (_is_mapping, "an object"),
    "accuracy": (
        lambda value: _is_mapping(value) and all(map(_is_share, value.values())),
        "shares from 0 to 1 by data set",
    ),
    "versions": (lambda value: _is_mapping(value) and all(map(_is_text, value.values())), "versions by library"),
    "licence": (_is_text, f"a text of at most {MAX_TEXT} characters"),
    "credits": (lambda value: isinstance(value, tuple) and all(map(_is_text, value)), "a list of texts"),
    "parent": (lambda value: value is None or _is_sha256(value), "a SHA-256 or nothing"),
}
