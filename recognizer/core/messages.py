"""Sentences for people that can still be said in another language: a text that remembers its key and values.

Nothing here knows a language. A program that speaks several, as the web site does, calls `translate_with`.
"""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Mapping, Optional

_MARK = '{"key": '
"""How a stored message begins, and no sentence does."""


class Message(str):
    """A sentence, and what it was made of.

    Attributes:
        key: the English sentence with places for values, `%(name)s`.
        values: what stands in these places: numbers, texts, or messages again.
        plural: the English sentence for many; empty where there is one form only.
        number: what decides between the two.
    """

    key: str
    values: Dict[str, Any]
    plural: str
    number: int

    def __new__(
        cls, text: str, key: str = "", values: Optional[Mapping[str, Any]] = None, plural: str = "", number: int = 0
    ) -> Message:
        """A message that reads as `text`."""
        made = super().__new__(cls, text)
        made.key, made.values, made.plural, made.number = key, dict(values or {}), plural, number
        return made

    def __mod__(self, values: Mapping[str, Any]) -> Message:
        """The message with values in its places; they stay what they are, so that they can be said anew."""
        kept = {name: _kept(value) for name, value in values.items()}
        return Message(super().__mod__(kept), self.key, {**self.values, **kept}, self.plural, self.number)

    def __str__(self) -> str:
        """The message as it is said now; still a message, so that `str(error)` keeps what the error was raised with."""
        return _translators[-1](self)


_translators: List[Callable[[Message], Message]] = [lambda message: message]


def translate_with(translator: Callable[[Message], Message]) -> None:
    """Say every message by this function from now on."""
    _translators[:] = [translator]


def message(key: str) -> Message:
    """A message in English; its values follow with `%`."""
    return Message(key, key)


def stored(text: str) -> str:
    """A message as a string of JSON that `read` understands; any other text as it is."""
    return json.dumps(_as_json(text), ensure_ascii=False) if isinstance(text, Message) else text


def read(text: str) -> str:
    """What `stored` returned, said now; any other text as it is."""
    if not text.startswith(_MARK):
        return text
    try:
        return str(_from_json(json.loads(text)))
    except (AttributeError, KeyError, TypeError, ValueError):
        return text


def _kept(value: Any) -> Any:
    """A value as it can be stored: a number or a text as it is, anything else as it reads."""
    return value if isinstance(value, (str, bool, int, float)) else str(value)


def _as_json(value: Any) -> Any:
    if not isinstance(value, Message):
        return value
    document: Dict[str, Any] = {"key": value.key}
    if value.values:
        document["values"] = {name: _as_json(each) for name, each in value.values.items()}
    return {**document, "plural": value.plural, "number": value.number} if value.plural else document


def _from_json(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    values = {name: _from_json(each) for name, each in value.get("values", {}).items()}
    if not isinstance(value["key"], str):
        raise TypeError("a key is a text")
    plain = Message(value["key"], value["key"], {}, value.get("plural", ""), value.get("number", 0))
    return plain % values if values else plain
