"""The letters that a network tells apart."""

from __future__ import annotations

RUSSIAN = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
"""The 33 letters of the Russian alphabet; a letter's index is its label."""
