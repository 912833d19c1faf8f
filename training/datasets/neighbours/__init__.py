"""The training pictures that a model finds most like an input: what recognizer's settings name as their provider."""

from training.datasets.neighbours.search import find

__all__ = ["find"]
