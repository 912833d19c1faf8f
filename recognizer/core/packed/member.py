"""The one member of a packed model file: magic, version, card, parameters."""

from __future__ import annotations

import struct

from recognizer.core.doubt import DoubtError
from recognizer.core.messages import message as _
from recognizer.core.model_card import ModelCard, ModelFileError
from recognizer.core.packed import card as short_card
from recognizer.core.packed.body import from_body, to_body, to_non_letters, with_non_letters
from recognizer.core.precision.integer import AnyNetwork
from recognizer.core.zipped import archive_of

MEMBER = "packed"
"""Name of the member."""
MAGIC = b"PRPS"
VERSION = 1
HEAD = struct.Struct("<4sBH")
"""Magic, version, bytes of the card."""
PACKED = ("fp16", "int8", "int8-weights", "int4", "int2")
"""Precisions that a packed file can hold."""


def is_packed(names: set[str]) -> bool:
    """Whether an archive with members of these names is a packed model file."""
    return names == {MEMBER}


def to_bytes(network: AnyNetwork, card: ModelCard) -> bytes:
    """The file: the same bytes for the same network and card. Raises ModelFileError."""
    text = short_card.to_json(card)
    body = to_body(network, card.precision) + to_non_letters(card.doubt())
    return archive_of({MEMBER: HEAD.pack(MAGIC, VERSION, len(text)) + text + body})


def from_member(content: bytes) -> tuple[AnyNetwork, ModelCard]:
    """Network and card of the member's bytes. Raises ModelFileError."""
    if len(content) < HEAD.size or not content.startswith(MAGIC):
        raise ModelFileError(_("The file is not a packed model file, or it is cut off."))
    _magic, version, length = HEAD.unpack_from(content)
    if version != VERSION:
        raise ModelFileError(
            _("The packed model file has version %(version)d, and this program knows version %(known)d: update it.")
            % {"version": version, "known": VERSION}
        )
    text = content[HEAD.size : HEAD.size + length]
    if length > short_card.MAX_BYTES or len(text) < length:
        raise ModelFileError(_("The card of the packed model file is too long, or cut off."))
    card, doubt, kinds = short_card.from_json(text)
    if card.precision not in PACKED:
        raise ModelFileError(
            _("A packed model file does not hold the precision %(precision)s.") % {"precision": card.precision}
        )
    network, reader = from_body(content[HEAD.size + length :], card, kinds)
    try:
        doubt = with_non_letters(doubt, reader, kinds, card.sizes[-2])
        return network, card.with_doubt(doubt)
    except DoubtError as error:
        raise ModelFileError(_("The model's card has a bad “doubt”: %(why)s.") % {"why": error.args[0]}) from error
