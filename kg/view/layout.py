"""Where the nodes stand: seeded, deterministic, without scipy.

A connected part of up to `EXACT` nodes is laid out by stress majorisation, which keeps distances on the page near the
number of edges between two nodes, and then spread until no two labels overlap. A larger part gets a force layout whose
far repulsion is summed over the cells of a grid. The parts are packed in rows, the largest first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np
    from numpy.typing import NDArray

    Points: TypeAlias = NDArray[np.float64]

EXACT = 400  # nodes of a part up to which the cost of n * n is no trouble
EDGE = 150.0  # pixels that an edge should measure
LABEL = 60.0  # width of a label in pixels, where the caller names none
HEIGHT = 62.0  # height of a node with its label below it
GAP = 60.0  # between two parts


def positions(
    nodes: Iterable[str], edges: Iterable[tuple[str, str]], *, seed: int = 0, widths: Mapping[str, float] | None = None
) -> dict[str, tuple[float, float]]:
    """Pixel coordinates of every node, whole numbers, the same for the same input in any order.

    `edges` may repeat and may run either way; ends that are no nodes are an error (KeyError). `widths`: how many pixels
    a node's label takes.
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(set(nodes)))
    for start, end in sorted({(min(pair), max(pair)) for pair in edges}):
        if start not in graph or end not in graph:
            raise KeyError(f"edge between {start!r} and {end!r}: not both are nodes")
        if start != end:
            graph.add_edge(start, end)
    sizes = {node: max(LABEL, (widths or {}).get(node, LABEL)) for node in graph}
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part))
    placed = [_place(graph.subgraph(part), part, sizes, seed) for part in parts]
    return _pack(parts, placed, sizes)


def _place(graph: nx.Graph[str], part: list[str], sizes: Mapping[str, float], seed: int) -> Points:
    """Points of one connected part, in the order of `part`."""
    import numpy as np

    if len(part) == 1:
        return np.zeros((1, 2))
    index = {node: number for number, node in enumerate(part)}
    links = np.array(sorted((index[a], index[b]) for a, b in graph.edges), dtype=np.intp)
    start = _rings(graph, part, seed)
    if len(part) > EXACT:
        return _grid_force(start, links, seed)
    points = _stress(start, _distances(graph, part))
    return _spread(_level(points), np.array([sizes[node] for node in part]))


def _rings(graph: nx.Graph[str], part: list[str], seed: int) -> Points:
    """A first guess: the best-linked node in the middle, the others on rings by distance, each near its parent."""
    import numpy as np

    root = min(part, key=lambda node: (-graph.degree(node), node))
    children: dict[str, list[str]] = {root: []}
    order = [root]
    for node in order:
        for other in sorted(graph[node]):
            if other not in children:
                children[other] = []
                children[node].append(other)
                order.append(other)
    leaves = dict.fromkeys(part, 0)
    for node in reversed(order):
        leaves[node] = sum(leaves[child] for child in children[node]) or 1
    angle, depth = {root: (0.0, 2 * math.pi)}, {root: 0}
    for node in order:
        low, high = angle[node]
        for child in children[node]:
            share = (high - angle[node][0]) * leaves[child] / leaves[node]
            angle[child], depth[child] = (low, low + share), depth[node] + 1
            low += share
    noise = np.random.default_rng(seed).normal(0.0, EDGE / 50, (len(part), 2))
    middle = [(sum(angle[node]) / 2, depth[node] * EDGE) for node in part]
    points = np.array([(radius * math.cos(turn), radius * math.sin(turn)) for turn, radius in middle])
    return np.asarray(points + noise, dtype=np.float64)


def _distances(graph: nx.Graph[str], part: list[str]) -> Points:
    """Edges between each two nodes of a connected part."""
    import networkx as nx
    import numpy as np

    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    return np.array([[lengths[a][b] for b in part] for a in part], dtype=np.float64)


def _stress(points: Points, distances: Points, *, rounds: int = 150) -> Points:
    """Stress majorisation (Gansner, Koren, North 2004) with weights distance ** -2."""
    import numpy as np

    ideal = distances * EDGE
    safe = np.where(ideal > 0, ideal, 1.0)
    weights = np.where(ideal > 0, safe**-2, 0.0)
    inverse = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    for _ in range(rounds):
        lengths = np.linalg.norm(points[:, None, :] - points[None, :, :], axis=-1)
        pull = np.where(lengths > 1e-9, weights * ideal / np.where(lengths > 1e-9, lengths, 1.0), 0.0)
        points = inverse @ ((np.diag(pull.sum(axis=1)) - pull) @ points)
    return points


def _level(points: Points) -> Points:
    """The same points turned so that their longest extent lies across: labels and screens are wider than high."""
    import numpy as np

    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes * np.where(axes[:, :1] < 0, -1.0, 1.0)
    return np.asarray(centred @ axes.T)


def _spread(points: Points, widths: Points, *, rounds: int = 300) -> Points:
    """Push boxes (label width by HEIGHT) apart until none overlap, each pair along the axis where it costs least.

    Every tenth round that is not enough widens the whole a little: a crowd needs more room than its pairs ask for.
    """
    import numpy as np

    points = points * np.array([1.15, 1.0])
    room_x = (widths[:, None] + widths[None, :]) / 2 + 14
    upper = np.triu(np.ones(room_x.shape, dtype=bool), 1)
    for number in range(1, rounds + 1):
        delta = points[None, :, :] - points[:, None, :]
        over_x, over_y = room_x - np.abs(delta[..., 0]), HEIGHT - np.abs(delta[..., 1])
        clash = (over_x > 0) & (over_y > 0) & upper
        if not clash.any():
            break
        along_x = over_x < over_y
        sign = np.where(delta < 0, -1.0, 1.0)
        step = np.zeros_like(delta)
        step[..., 0] = np.where(clash & along_x, over_x * sign[..., 0], 0.0)
        step[..., 1] = np.where(clash & ~along_x, over_y * sign[..., 1], 0.0)
        points = (points + 0.55 * (step.sum(axis=0) - step.sum(axis=1))) * (1.0 if number % 10 else 1.04)
    return points


def _grid_force(points: Points, links: NDArray[np.intp], seed: int, *, rounds: int = 80, cells: int = 24) -> Points:
    """Springs along edges; repulsion from the centre of each grid cell, and one by one from near neighbours."""
    import numpy as np

    count, ideal = len(points), EDGE * 0.6
    points = points * (ideal * math.sqrt(count) / (np.abs(points).max() or 1.0))
    points = points + np.random.default_rng(seed).normal(0.0, 1.0, points.shape)
    heat = ideal * 4
    for _ in range(rounds):
        low, high = points.min(axis=0), points.max(axis=0)
        cell = np.minimum(((points - low) / (high - low + 1e-9) * cells).astype(np.intp), cells - 1)
        key = cell[:, 0] * cells + cell[:, 1]
        mass = np.bincount(key, minlength=cells * cells).astype(np.float64)
        sums = [np.bincount(key, points[:, axis], minlength=cells * cells) for axis in (0, 1)]
        centre = np.stack(sums, axis=1) / np.maximum(mass, 1.0)[:, None]
        force = _repulsion(points, centre[mass > 0], mass[mass > 0], ideal)
        order = np.lexsort((points[:, 0], key))
        for shift in range(1, 9):
            left, right = order[:-shift], order[shift:]
            delta = points[left] - points[right]
            push = delta * (ideal**2 / np.maximum((delta**2).sum(axis=1), 25.0))[:, None]
            np.add.at(force, left, push)
            np.add.at(force, right, -push)
        delta = points[links[:, 1]] - points[links[:, 0]]
        pull = delta * (np.linalg.norm(delta, axis=1) / ideal)[:, None]
        np.add.at(force, links[:, 0], pull)
        np.add.at(force, links[:, 1], -pull)
        length = np.maximum(np.linalg.norm(force, axis=1), 1e-9)
        points = points + force * (np.minimum(length, heat) / length)[:, None]
        heat *= 0.95
    return points


def _repulsion(points: Points, centres: Points, mass: Points, ideal: float) -> Points:
    """Push of all cells on each point; a cell nearer than `ideal` counts as that far."""
    import numpy as np

    delta = points[:, None, :] - centres[None, :, :]
    square = np.maximum((delta**2).sum(axis=-1), ideal**2)
    return np.asarray(np.einsum("ij,ijk->ik", mass[None, :] * ideal**2 / square, delta))


def _pack(parts: list[list[str]], placed: list[Points], sizes: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Set the parts in rows as wide as the largest part or as makes the whole 1.4 times as wide as high."""
    boxes = []
    for part, points in zip(parts, placed, strict=True):
        spots = [(float(x), float(y), sizes[node] / 2) for node, (x, y) in zip(part, points, strict=True)]
        left, right = min(x - half for x, _, half in spots), max(x + half for x, _, half in spots)
        top, bottom = min(y for _, y, _ in spots) - HEIGHT / 2, max(y for _, y, _ in spots) + HEIGHT / 2
        boxes.append((left, top, right - left, bottom - top))
    area = sum((width + GAP) * (height + GAP) for *_, width, height in boxes)
    row_width = max([math.sqrt(1.4 * area), *(width for *_, width, _ in boxes)])
    out: dict[str, tuple[float, float]] = {}
    row = row_height = column = column_width = down = 0.0
    for part, points, (left, top, width, height) in zip(parts, placed, boxes, strict=True):
        if down == 0 or down + height > row_height:  # no room below the last part: a new column, or a new row
            column, column_width, down = column + column_width, 0.0, 0.0
            if column > 0 and column + width > row_width:
                row, row_height, column = row + row_height, 0.0, 0.0
        for node, (x, y) in zip(part, points, strict=True):
            out[node] = (float(round(x - left + column)), float(round(y - top + row + down)))
        column_width, down = max(column_width, width + GAP), down + height + GAP
        row_height = max(row_height, down)
    return {node: out[node] for node in sorted(out)}
