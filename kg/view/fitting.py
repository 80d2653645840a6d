"""Puts the nodes of a layout into the area of a picture, so that nodes, names and edges keep apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kg.view.drawing import Box, Point

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[np.float64]

ROUNDS = 160
STRETCH = 1.5  # how much more one direction may be stretched than the other
EVEN = 0.4  # how far places are evened out between those of the layout (0) and equal distances in each direction (1)
LARGEST = 1000  # nodes up to which every two are kept apart


@dataclass(frozen=True, slots=True)
class Room:
    """What a node takes: half its width and its height above its centre, and below it with its name, in pixels."""

    side: float
    above: float
    below: float


def fit(
    places: Mapping[str, Point], rooms: Mapping[str, Room], edges: Sequence[tuple[str, str]], area: Box
) -> dict[str, Point]:
    """Centres of the nodes within `area`: the layout stretched to fill it, then moved apart. Sorted by node."""
    import numpy as np

    names = sorted(places)
    index = {name: number for number, name in enumerate(names)}
    points = np.array([places[name] for name in names], dtype=np.float64)
    sides = np.array([(rooms[name].side, rooms[name].above, rooms[name].below) for name in names])
    low = np.stack([area[0] + sides[:, 0], area[1] + sides[:, 1]], axis=1)
    high = np.stack([area[2] - sides[:, 0], area[3] - sides[:, 2]], axis=1)
    high = np.maximum(low, high)
    points = _stretched(points, low.max(axis=0), high.min(axis=0))
    links = np.array(sorted({(index[a], index[b]) for a, b in edges if a != b}), dtype=np.intp).reshape(-1, 2)
    if len(names) <= LARGEST:
        for number in range(ROUNDS):
            if number < ROUNDS * 3 // 4:
                points = points + 0.5 * _off_edges(points, links, sides[:, 1])
            points = points + 0.5 * _apart(points, sides)
            points = np.clip(points, low, high)
    points = np.clip(points, low, high)
    return {name: (float(x), float(y)) for name, (x, y) in zip(names, points.round(2), strict=True)}


def _stretched(points: Numbers, low: Numbers, high: Numbers) -> Numbers:
    import numpy as np

    first, last = points.min(axis=0), points.max(axis=0)
    ranks = np.stack([_ranks(points[:, 0]), _ranks(points[:, 1])], axis=1)
    points = (1 - EVEN) * points + EVEN * (first + ranks * (last - first))
    span, room = last - first, np.maximum(high - low, 1.0)
    scale = np.where(span > 0, room / np.where(span > 0, span, 1.0), np.inf)
    scale = np.minimum(scale, scale.min() * STRETCH)
    scale = np.where(np.isfinite(scale), scale, 1.0)
    return np.asarray((points - (first + last) / 2) * scale + (low + high) / 2)


def _ranks(values: Numbers) -> Numbers:
    """0 for the least, 1 for the largest, equal steps between; equal values have one rank."""
    import numpy as np

    different, place = np.unique(values, return_inverse=True)
    return np.asarray(place / max(len(different) - 1, 1))


def _apart(points: Numbers, sides: Numbers) -> Numbers:
    """How far each node should move so that no two rooms overlap: along the direction where they overlap less."""
    import numpy as np

    middle = points[:, 1] + (sides[:, 2] - sides[:, 1]) / 2
    half = (sides[:, 1] + sides[:, 2]) / 2
    dx = points[:, None, 0] - points[None, :, 0]
    dy = middle[:, None] - middle[None, :]
    over_x = sides[:, None, 0] + sides[None, :, 0] - np.abs(dx)
    over_y = half[:, None] + half[None, :] - np.abs(dy)
    clash = (over_x > 0) & (over_y > 0) & ~np.eye(len(points), dtype=bool)
    order = np.arange(len(points))
    before = np.where(order[:, None] < order[None, :], -1.0, 1.0)  # which way two at one place part
    along_x = over_x < over_y
    step_x = np.where(clash & along_x, over_x * np.where(dx == 0, before, np.sign(dx)), 0.0)
    step_y = np.where(clash & ~along_x, over_y * np.where(dy == 0, before, np.sign(dy)), 0.0)
    return np.stack([step_x.sum(axis=1), step_y.sum(axis=1)], axis=1) / 2


def _off_edges(points: Numbers, links: NDArray[np.intp], radii: Numbers) -> Numbers:
    """How far each node should move to keep off the edges that are not its own."""
    import numpy as np

    if not len(links):
        return np.zeros_like(points)
    start, end = points[links[:, 0]], points[links[:, 1]]
    along = end - start
    square = np.maximum((along**2).sum(axis=1), 1.0)
    offset = points[:, None, :] - start[None, :, :]
    share = (offset * along[None]).sum(axis=2) / square
    foot = offset - share[..., None] * along[None]
    far = np.linalg.norm(foot, axis=2)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.sqrt(square)[:, None]
    away = np.where(far[..., None] > 0.5, foot / np.maximum(far, 0.5)[..., None], normal[None])
    over = np.maximum(radii[:, None] + 6.0 - far, 0.0)
    own = np.zeros(over.shape, dtype=bool)
    own[links[:, 0], np.arange(len(links))] = own[links[:, 1], np.arange(len(links))] = True
    over = np.where(own | (share < 0.02) | (share > 0.98), 0.0, over)
    return np.asarray(np.clip((over[..., None] * away).sum(axis=1), -25.0, 25.0))
