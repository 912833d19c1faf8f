"""Readings in the form that the API gives: JSON whose pieces are written once and put together.

The classes in `letters` say how answers look, and tests hold the answers to them. They are not made of them: of a
thousand letters with five guesses each that alone takes longer than reading them.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from numpy.typing import NDArray

from recognizer import lanes
from recognizer.loading import LoadedModel
from recognizer.reading import BegunReading, Reading, Verdict, finish, twin_of
from recognizer.recognition import BatchReading

JSON = "application/json; charset=utf-8"
DIGITS = 6
"""Of a probability, behind the point."""


def of_begun(request: HttpRequest, begun: BegunReading) -> HttpResponseBase:
    """A reading of a drawing or picture; made later, with others', where the web server answers several together."""
    group = lanes.together(request, finish)
    if group is None:
        return HttpResponse(_of_reading(finish([begun])[0]), content_type=JSON)
    return StreamingHttpResponse(_later(group.add(begun)), content_type=JSON)


def _later(reading: Callable[[], Reading]) -> Iterator[str]:
    yield _of_reading(reading())


def _of_reading(reading: Reading) -> str:
    model = reading.model
    return _object(
        _letter(reading),
        _members(
            input=_base64(reading.input),
            shape=list(model.ink.shape),
            picture=_base64(reading.picture),
            ink_specification=model.ink.name,
            ink_bright=model.ink.ink_bright,
        ),
        _how(model, reading.milliseconds),
    )


def of_input(verdict: Verdict, model: LoadedModel, milliseconds: float) -> HttpResponse:
    """A reading of an input."""
    return _sent(_letter(verdict), _how(model, milliseconds))


def of_batch(batch: BatchReading, model: LoadedModel, milliseconds: float) -> HttpResponse:
    """Readings of many letters."""
    letters = [f"{{{each}}}" for each in _letters(batch)]
    for place, error in batch.unread.items():
        letters[place] = f"{{{_members(error=str(error))}}}"
    return _sent(f'"letters":[{",".join(letters)}]', _how(model, milliseconds))


def of_model(model: LoadedModel) -> HttpResponse:
    """A model and its inputs."""
    ink = model.ink
    inputs = _members(
        ink_specification=ink.name, ink_bright=ink.ink_bright, shape=list(ink.shape), input_bytes=ink.length
    )
    return _sent(_reader(model.pk, model.name, model.letters), inputs)


def _letter(verdict: Verdict) -> str:
    """The members of a letter that is read."""
    guesses = [_opening(letter) + repr(round(probability, DIGITS)) for letter, probability in verdict.best]
    return _verdict(verdict.letter, guesses, _ending(verdict.refused, verdict.twin))


def _letters(batch: BatchReading) -> Iterator[str]:
    """The same of each of many letters, those that are not read among them."""
    found = batch.verdicts
    openings = [_opening(letter) for letter in found.letters]
    endings = [
        [_ending(refused, twin_of(letter, found.letters, refused=refused)) for refused in (False, True)]
        for letter in found.letters
    ]
    shares = np.round(found.shares.astype(np.float64), DIGITS)
    for numbers, best, refused in zip(found.numbers.tolist(), shares.tolist(), found.refused.tolist(), strict=True):
        guesses = [openings[number] + repr(share) for number, share in zip(numbers, best, strict=True)]
        yield _verdict(found.letters[numbers[0]], guesses, endings[numbers[0]][refused])


def _verdict(letter: str, guesses: Iterable[str], ending: str) -> str:
    return f'"letter":{_quoted(letter)},"best":[{"},".join(guesses)}}}],{ending}'


@lru_cache(maxsize=256)
def _quoted(letter: str) -> str:
    return json.dumps(letter, ensure_ascii=False)


@lru_cache(maxsize=256)
def _opening(letter: str) -> str:
    """A guess up to its probability."""
    return f'{{"letter":{_quoted(letter)},"probability":'


@lru_cache(maxsize=16)
def _ending(refused: bool, twin: str) -> str:
    return _members(refused=refused, twin=twin or None)


def _how(model: LoadedModel, milliseconds: float) -> str:
    """The members that say how long a reading took, and what read."""
    return f'{_members(milliseconds=round(milliseconds, 3))},"model":{{{_reader(model.pk, model.name, model.letters)}}}'


@lru_cache(maxsize=8)
def _reader(key: int | None, name: str, letters: str) -> str:
    return _members(**_named(key, name, letters))


def reader_members(model: LoadedModel) -> dict[str, Any]:
    """A model, as an answer names it."""
    return _named(model.pk, model.name, model.letters)


def _named(key: int | None, name: str, letters: str) -> dict[str, Any]:
    return {
        "id": key,
        "name": name,
        "url": reverse("recognizer:detail", args=[key]) if key else None,
        "letters": letters,
    }


def _members(**values: Any) -> str:
    """Members of an object in JSON."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))[1:-1]


def _object(*members: str) -> str:
    return f"{{{','.join(members)}}}"


def _sent(*members: str) -> HttpResponse:
    return HttpResponse(_object(*members), content_type=JSON)


def _base64(values: NDArray[np.uint8]) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")
