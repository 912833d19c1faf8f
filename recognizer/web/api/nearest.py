"""The training pictures that are nearest to an input."""

import base64
import time

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router
from pydantic import BaseModel, Field

from recognizer import active_model, neighbours
from recognizer.web import limits
from recognizer.web.api.bodies import decoded, read_json
from recognizer.web.api.description import REFUSALS, body
from recognizer.web.api.letters import EncodedInput, Milliseconds, Reader

router = Router(tags=["reading"])


class NearPicture(BaseModel):
    """A training picture that is near."""

    letter: str = Field(description="The letter that it shows.", examples=["Ж"])
    distance: float = Field(
        description="1 − the cosine between what the last hidden layer makes of it and of the input.", examples=[0.031]
    )
    dataset: str = Field(description="The name of its data set.", examples=["letters"])
    url: str = Field(
        description="The address of a page of this server with more like it.", examples=["/data/1/examples/?letter=7"]
    )
    picture: str = Field(
        description="Base64 of the 784 bytes, row by row, of its picture of 28×28; ink is bright.", examples=["AAAA…"]
    )


class NearestAnswer(BaseModel):
    """The nearest of the pictures that the model in service was trained on, as far as they are on this server."""

    nearest: list[NearPicture] = Field(description="Nearest first.")
    searched: int = Field(
        description="How many pictures were compared. Where it is less than `total`, ask again.", examples=[2048]
    )
    total: int = Field(description="How many there are; 0 where none of the data sets is here.", examples=[9000])
    milliseconds: Milliseconds
    model: Reader = Field(description="The model that read.")


@router.post(
    "",
    response={200: NearestAnswer, **REFUSALS},
    throttle=limits.NEAREST_RATE,
    summary="Find the nearest training pictures",
    url_name="find_nearest",
    openapi_extra=body(EncodedInput),
)
def find_nearest(request: HttpRequest) -> HttpResponse:
    """Find the training pictures that the model in service finds most like an input.

    What its last hidden layer makes of them is worked out bit by bit, a part with each request, and kept: `searched`
    says how far it has come.
    """
    data = decoded(read_json(request, EncodedInput).input, "input")
    begun, model = time.perf_counter(), active_model.get()
    found = neighbours.find(model, data)
    page = reverse("recognizer:detail", args=[model.pk]) if model.pk else None
    answer = NearestAnswer.model_construct(
        nearest=[_near(each) for each in found.nearest],
        searched=found.searched,
        total=found.total,
        milliseconds=round(1000 * (time.perf_counter() - begun), 3),
        model=Reader.model_construct(id=model.pk, name=model.name, url=page, letters=model.letters),
    )
    return HttpResponse(answer.model_dump_json(), content_type="application/json; charset=utf-8")


def _near(each: neighbours.Neighbour) -> NearPicture:
    return NearPicture.model_construct(
        letter=each.letter,
        distance=round(each.distance, 6),
        dataset=each.dataset,
        url=each.url,
        picture=base64.b64encode(each.picture.tobytes()).decode("ascii"),
    )
