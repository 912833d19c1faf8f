"""Colours of charts: the same on a page (static/css/chart.css) and in files that matplotlib draws.

Six series that stay apart for people with protanopia, deuteranopia and tritanopia and stand out from their
background at 3:1 or more; tests/recognizer/test_palette.py holds the figures and keeps the two lists equal.
"""

LIGHT: tuple[str, ...] = ("#0058ae", "#cf6a1f", "#00513a", "#8a82d8", "#665f00", "#9b7e83")
DARK: tuple[str, ...] = ("#3aa5f5", "#e8842a", "#52e6c0", "#ddd5ff", "#ffe45c", "#a99490")
PAPER = "#fffdf6"
BOARD = "#23332e"
TEXT = "#23234a"
RULE = "#d9e5ef"
