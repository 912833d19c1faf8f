"""Figures 1 and 32: a network as circles and lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT = 360, 240


@dataclass(frozen=True)
class Node:
    """A neuron or an input: where it is in the drawing."""

    x: float
    y: float
    layer: int


@dataclass(frozen=True)
class LayersDrawing:
    """A network.

    Attributes:
        nodes: by layer.
        edges: from node to node, and whether it is one that the figure is about.

    """

    nodes: Sequence[Sequence[Node]]
    edges: Sequence[tuple[Node, Node, bool]]


def drawn(sizes: Sequence[int], *, first_only: bool = False) -> LayersDrawing:
    """Place the layers side by side; with `first_only` the figure is about the weights into the first hidden neuron."""
    nodes = [[_node(layer, place, sizes) for place in range(size)] for layer, size in enumerate(sizes)]
    edges = [
        (left, right, first_only and right is nodes[1][0])
        for before, after in pairwise(nodes)
        for right in after
        for left in before
    ]
    return LayersDrawing(nodes, sorted(edges, key=lambda edge: edge[2]))


def _node(layer: int, place: int, sizes: Sequence[int]) -> Node:
    step = HEIGHT / max(sizes)
    top = (HEIGHT - step * (sizes[layer] - 1)) / 2
    return Node(round(30 + (WIDTH - 60) * layer / (len(sizes) - 1), 1), round(top + step * place, 1), layer)
