"""From a picture of a letter to the strokes of a pen: skeleton by scikit-image, traced as a graph by networkx."""

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from skimage.morphology import skeletonize

Pixel = tuple[int, int]
Path = list[tuple[float, float]]
NEIGHBOURS = ((0, 1), (1, -1), (1, 0), (1, 1))


def strokes_of(ink: NDArray[np.bool_]) -> list[Path]:
    """Strokes (lists of (x, y) in pixels) whose union is the skeleton of the ink (h, w)."""
    graph = _skeleton_graph(ink)
    strokes = [_points([only]) for only in graph if graph.degree(only) == 0]
    for first, second in _branches(graph):
        strokes.append(_points(_walk(graph, first, second)))
    for component in nx.connected_components(graph):
        if len(component) > 1 and all(graph.degree(pixel) == 2 for pixel in component):
            ring = [edge[0] for edge in nx.find_cycle(graph.subgraph(component))]
            strokes.append(_points([*ring, ring[0]]))
    return strokes


def _skeleton_graph(ink: NDArray[np.bool_]) -> "nx.Graph[Pixel]":
    """Pixels of the skeleton, joined where they touch; a diagonal is left out where two straight steps do the same."""
    pixels = {(int(y), int(x)) for y, x in np.argwhere(skeletonize(ink))}
    graph: nx.Graph[Pixel] = nx.Graph()
    graph.add_nodes_from(pixels)
    for y, x in pixels:
        for dy, dx in NEIGHBOURS:
            corner = dy and dx and ((y + dy, x) in pixels or (y, x + dx) in pixels)
            if (y + dy, x + dx) in pixels and not corner:
                graph.add_edge((y, x), (y + dy, x + dx))
    return graph


def _branches(graph: "nx.Graph[Pixel]") -> list[tuple[Pixel, Pixel]]:
    """The first two pixels of each branch between ends and forks, every branch once."""
    starts, seen = [], set()
    for node in sorted(graph):
        if graph.degree(node) in (0, 2):
            continue
        for neighbour in sorted(graph[node]):
            path = _walk(graph, node, neighbour)
            if (path[-1], path[-2], path[0], path[1]) not in seen:
                seen.add((path[0], path[1], path[-1], path[-2]))
                starts.append((node, neighbour))
    return starts


def _walk(graph: "nx.Graph[Pixel]", first: Pixel, second: Pixel) -> list[Pixel]:
    """Follow a branch until it ends or forks."""
    path = [first, second]
    while graph.degree(path[-1]) == 2 and path[-1] != first:
        path.append(next(pixel for pixel in graph[path[-1]] if pixel != path[-2]))
    return path


def _points(path: list[Pixel]) -> Path:
    return [(float(x), float(y)) for y, x in path]
