"""What letters look like in the API: those that are sent, and what is read."""

from typing import Annotated

from pydantic import BaseModel, FailFast, Field

from recognizer.core.alphabet import RUSSIAN
from recognizer.web.api.schemas import L_SHAPE, RequestBody, StrokeList

LARGEST_BATCH = 1_000
Milliseconds = Annotated[float, Field(description="How long it took.", examples=[1.25])]
Base64 = Annotated[str, Field(min_length=1, json_schema_extra={"contentEncoding": "base64"})]


class DrawnLetter(RequestBody):
    """Strokes of one letter."""

    strokes: StrokeList = Field(examples=[L_SHAPE])


class PicturedLetter(RequestBody):
    """A picture file of one letter, PNG or JPEG."""

    image: Base64 = Field(description="The bytes of the file in base64.")


class PictureForm(RequestBody):
    """A form with a picture file of one letter, PNG or JPEG."""

    image: bytes = Field(description="The file.")


class EncodedInput(RequestBody):
    """The input of the network itself."""

    input: Base64 = Field(
        description="Base64 of the bytes that the model in service takes: as many as /api/model says, lying as its "
        "`shape` says, the last axis fastest."
    )


class LetterBatch(RequestBody):
    """Many letters, each as strokes, as a picture or as an input."""

    letters: Annotated[
        list[EncodedInput | DrawnLetter | PicturedLetter],
        Field(
            min_length=1,
            max_length=LARGEST_BATCH,
            description="Each as strokes, as a picture or as an input.",
            examples=[[{"strokes": L_SHAPE}, {"strokes": L_SHAPE[:1]}]],
        ),
        FailFast(),
    ]


class Guess(BaseModel):
    """A letter and how probable it is."""

    letter: str = Field(description="A large Russian letter.", examples=["Г"])
    probability: float = Field(description="How probable it is, calibrated.", ge=0, le=1, examples=[0.97])


class LetterAnswer(BaseModel):
    """What a letter is read as: the most probable letter, and the five best."""

    letter: str = Field(description="A large Russian letter.", examples=["Г"])
    best: list[Guess] = Field(description="The most probable letters, best first; their probabilities are calibrated.")
    refused: bool = Field(
        description="Whether it does not look like a letter; `letter` and `best` then are those that it is nearest to.",
        examples=[False],
    )
    twin: str | None = Field(
        description="The digit that is written like the letter and cannot be told from it: 3 of З, 0 of О, 4 of Ч, "
        "6 of Б; null for other letters.",
        examples=[None],
    )


class Reader(BaseModel):
    """The model that reads."""

    id: int | None = Field(
        description="Null for one that came with the project and is not in the catalogue.", examples=[1]
    )
    name: str = Field(description="Its name.", examples=["best"])
    url: str | None = Field(description="The address of its page on this server.", examples=["/models/1/"])
    letters: str = Field(description="The letters that it tells apart.", examples=[RUSSIAN])


class ModelInService(Reader):
    """The model that reads, and the input that it takes."""

    ink_specification: str = Field(
        description="How its inputs are made of strokes or pictures.", examples=["directions-1-fine"]
    )
    ink_bright: bool = Field(description="Whether ink is the high value of an input, and paper is 0.", examples=[True])
    shape: list[int] = Field(
        description="How the bytes of an input lie, the last axis fastest.", examples=[[8, 10, 10]]
    )
    input_bytes: int = Field(description="How many bytes an input has.", examples=[800])


class RecognitionAnswer(LetterAnswer):
    """What a drawing or picture is read as, and what the network saw."""

    input: str = Field(description="Base64 of the bytes that the network saw.", examples=["AAAA…"])
    shape: list[int] = Field(description="How they lie, the last axis fastest.", examples=[[8, 10, 10]])
    picture: str = Field(
        description="Base64 of the 784 bytes, row by row, of the picture of 28×28 that they were made of.",
        examples=["AAAA…"],
    )
    ink_specification: str = Field(description="How they were made.", examples=["directions-1-fine"])
    ink_bright: bool = Field(description="Whether ink is the high value.", examples=[True])
    milliseconds: Milliseconds
    model: Reader = Field(description="The model that read.")


class InputAnswer(LetterAnswer):
    """What an input is read as."""

    milliseconds: Milliseconds
    model: Reader = Field(description="The model that read.")


class UnreadLetter(BaseModel):
    """Why one letter of a batch was not read."""

    error: str = Field(description="Why, in one sentence.", examples=["There is only a dot on it."])


class BatchAnswer(BaseModel):
    """What each letter of a batch is read as, in their order, or why it was not read."""

    letters: list[LetterAnswer | UnreadLetter] = Field(description="In the order in which they were sent.")
    milliseconds: Milliseconds
    model: Reader = Field(description="The model that read.")
