"""Small parts: stress majorisation, which keeps distances on the page near the number of edges between two nodes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points: TypeAlias = NDArray[np.float64]

EDGE = 150.0  # pixels that an edge should measure
EXACT = 120  # nodes of a part up to which the cost of n * n is no trouble
TINY = 5  # nodes of a part that is only made larger until its labels are apart
MARGIN = 14.0  # pixels between two labels


def stress(near: Sequence[Sequence[int]], *, seed: int, rounds: int = 200) -> Points:
    """Points of a connected part (Gansner, Koren, North 2004: the localised form, weights distance ** -2).

    Longest extent across: labels and screens are wider than high. `near`: the neighbours of each node.
    """
    import numpy as np

    count = len(near)
    points = rings(near) * EDGE + np.random.default_rng(seed).normal(0.0, EDGE / 50, (count, 2))
    ideal = EDGE * np.array([_distances(near, node) for node in range(count)], dtype=np.float64)
    np.fill_diagonal(ideal, 1.0)
    weights = ideal**-2
    np.fill_diagonal(weights, 0.0)
    total = np.maximum(weights.sum(axis=1), 1e-12)[:, None]
    for _ in range(rounds):
        delta = points[:, None, :] - points[None, :, :]
        length = np.maximum(np.hypot(delta[..., 0], delta[..., 1]), 1e-6)
        wanted = points[None, :, :] + delta * (ideal / length)[..., None]
        points = (points + (weights[..., None] * wanted).sum(axis=1) / total) / 2
    return _level(points)


def rings(near: Sequence[Sequence[int]]) -> Points:
    """A first guess: the best-linked node in the middle, the others on rings by distance, each near its parent."""
    import numpy as np

    root = min(range(len(near)), key=lambda node: (-len(near[node]), node))
    children: dict[int, list[int]] = {root: []}
    order = [root]
    for node in order:
        for other in near[node]:
            if other not in children:
                children[other] = []
                children[node].append(other)
                order.append(other)
    size = [1] * len(near)
    for node in reversed(order):
        size[node] += sum(size[child] for child in children[node])
    angle, depth = {root: (0.0, 2 * math.pi)}, {root: 0}
    for node in order:
        low, high = angle[node]
        for child in children[node]:
            share = (high - angle[node][0]) * size[child] / (size[node] - 1)
            angle[child], depth[child] = (low, low + share), depth[node] + 1
            low += share
    turns = [(sum(angle[node]) / 2, depth[node]) for node in range(len(near))]
    return np.array([(ring * math.cos(turn), ring * math.sin(turn)) for turn, ring in turns], dtype=np.float64)


def _distances(near: Sequence[Sequence[int]], start: int) -> list[int]:
    """Edges from one node to each."""
    found = {start: 0}
    order = [start]
    for node in order:
        for other in near[node]:
            if other not in found:
                found[other] = found[node] + 1
                order.append(other)
    return [found[node] for node in range(len(near))]


def _level(points: Points) -> Points:
    import numpy as np

    x, y = (points - points.mean(axis=0)).T
    turn = math.atan2(2 * float((x * y).sum()), float((x * x - y * y).sum())) / 2
    cos, sin = math.cos(turn), math.sin(turn)
    return np.stack([x * cos + y * sin, y * cos - x * sin], axis=1)


def grow(points: Sequence[tuple[float, float]], widths: Sequence[float], height: float) -> list[tuple[float, float]]:
    """The same picture, as much larger as it takes for no two boxes to overlap. For parts of up to `TINY` nodes."""
    factor = 1.0
    for at, (x, y) in enumerate(points):
        for other in range(at):
            across, down = abs(points[other][0] - x), abs(points[other][1] - y)
            room = (widths[at] + widths[other]) / 2 + MARGIN
            factor = max(factor, min(room / max(across, 1e-6), height / max(down, 1e-6)))
    return [(x * factor, y * factor) for x, y in points]


def spread(points: Points, widths: Points, height: float, *, rounds: int = 300) -> Points:
    """Push boxes apart until none overlap, each pair along the axis where it costs least.

    Every tenth round that is not enough widens the whole a little: a crowd needs more room than its pairs ask for.
    """
    import numpy as np

    points = points * np.array([1.15, 1.0])
    for number in range(1, rounds + 1):
        step = pushes(points, widths + MARGIN, height)
        if not step.any():
            break
        points = (points + 0.55 * step) * (1.0 if number % 10 else 1.04)
    return points


def pushes(points: Points, widths: Points, height: float) -> Points:
    """How far each box would have to go, if alone, for no two to overlap; 0 everywhere when none do."""
    import numpy as np

    delta = points[None, :, :] - points[:, None, :]
    over_x = (widths[:, None] + widths[None, :]) / 2 - np.abs(delta[..., 0])
    over_y = height - np.abs(delta[..., 1])
    clash = (over_x > 0) & (over_y > 0) & np.triu(np.ones(over_x.shape, dtype=bool), 1)
    along_x = over_x < over_y
    sign = np.where(delta < 0, -1.0, 1.0)
    step = np.zeros_like(delta)
    step[..., 0] = np.where(clash & along_x, over_x * sign[..., 0], 0.0)
    step[..., 1] = np.where(clash & ~along_x, over_y * sign[..., 1], 0.0)
    return np.asarray(step.sum(axis=0) - step.sum(axis=1))
