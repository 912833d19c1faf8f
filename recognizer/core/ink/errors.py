"""Errors of ink."""

from __future__ import annotations


class InkError(ValueError):
    """Strokes or a picture that no ink can be read from; the message is for the person who sent them."""


class EmptyInkError(InkError):
    """There is nothing drawn."""
