"""Readings in the form that the API gives."""

import base64
from collections.abc import Iterable

import numpy as np
from django.http import HttpResponse
from django.urls import reverse
from numpy.typing import NDArray
from pydantic import BaseModel

from recognizer.loading import LoadedModel
from recognizer.recognition import Reading, Unread, Verdict
from recognizer.web.api.letters import (
    BatchAnswer,
    Guess,
    InputAnswer,
    LetterAnswer,
    ModelInService,
    Reader,
    RecognitionAnswer,
    UnreadLetter,
)

# `model_construct` skips checks: these values are made by us, and a batch has five thousand guesses.


def sent(answer: BaseModel) -> HttpResponse:
    """An answer on its way: pydantic writes JSON in a tenth of the time that ninja and Python's JSON take."""
    return HttpResponse(answer.model_dump_json(), content_type="application/json; charset=utf-8")


def of_reading(reading: Reading) -> RecognitionAnswer:
    """A reading of a drawing or picture."""
    model = reading.model
    return RecognitionAnswer.model_construct(
        letter=reading.letter,
        best=_guesses(reading),
        refused=reading.refused,
        twin=reading.twin or None,
        input=_base64(reading.input),
        shape=list(model.ink.shape),
        picture=_base64(reading.picture),
        ink_specification=model.ink.name,
        ink_bright=model.ink.ink_bright,
        milliseconds=round(reading.milliseconds, 3),
        model=reader(model),
    )


def of_input(verdict: Verdict, model: LoadedModel, milliseconds: float) -> InputAnswer:
    """A reading of an input."""
    return InputAnswer.model_construct(
        letter=verdict.letter,
        best=_guesses(verdict),
        refused=verdict.refused,
        twin=verdict.twin or None,
        milliseconds=round(milliseconds, 3),
        model=reader(model),
    )


def of_batch(outcomes: Iterable[Verdict | Unread], model: LoadedModel, milliseconds: float) -> BatchAnswer:
    """Readings of many letters."""
    letters = [
        LetterAnswer.model_construct(
            letter=outcome.letter, best=_guesses(outcome), refused=outcome.refused, twin=outcome.twin or None
        )
        if isinstance(outcome, Verdict)
        else UnreadLetter(error=str(outcome))
        for outcome in outcomes
    ]
    return BatchAnswer.model_construct(letters=letters, milliseconds=round(milliseconds, 3), model=reader(model))


def of_model(model: LoadedModel) -> ModelInService:
    """A model and its inputs."""
    return ModelInService(
        **reader(model).model_dump(),
        ink_specification=model.ink.name,
        ink_bright=model.ink.ink_bright,
        shape=list(model.ink.shape),
        input_bytes=model.ink.length,
    )


def reader(model: LoadedModel) -> Reader:
    """A model, as an answer names it."""
    url = reverse("recognizer:detail", args=[model.pk]) if model.pk else None
    return Reader.model_construct(id=model.pk, name=model.name, url=url, letters=model.letters)


def _guesses(verdict: Verdict) -> list[Guess]:
    return [
        Guess.model_construct(letter=letter, probability=round(probability, 6)) for letter, probability in verdict.best
    ]


def _base64(values: NDArray[np.uint8]) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")
