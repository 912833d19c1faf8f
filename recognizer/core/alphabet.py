"""The letters that a network tells apart."""

from __future__ import annotations

RUSSIAN = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
"""The 33 letters of the Russian alphabet; a letter's index is its label."""
KAZAKH = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"
"""The 42 letters of the Kazakh alphabet: the Russian ones and nine of its own, in the order of its dictionaries."""
TWINS = {"З": "3", "О": "0", "Ч": "4", "Б": "6"}
"""Digits that are written as a letter is, by letter: no network can tell them apart."""
