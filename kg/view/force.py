"""Large parts: springs along edges, and repulsion between all nodes by way of a grid (particle mesh).

Repulsion is a convolution of where the nodes are with how they push, so a Fourier transform over a grid sums it in a
time that hardly grows with the nodes. A node with one edge only (most are) is no matter for springs: it adds to the
weight of the node that it hangs on, and takes the nearest free place beside it afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from kg.view.room import HEIGHT, SPARE, STRETCH, Place, Room, box, nearest_free, take
from kg.view.stress import rings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points: TypeAlias = NDArray[np.float64]
    Links: TypeAlias = NDArray[np.intp]

ROUNDS = 300
PUSH = 1.5  # of a node of average size on its neighbour, against a spring as long as the node is wide
CROWD = 1.3  # room for a node, in labels: a crowd does not fill all
FALL = 1.5  # repulsion falls with distance to this power: 1 drives loose ends far out, 2 packs all into a disc
CALM = 0.002  # how far the movement has cooled down at the end


def force(near: Sequence[Sequence[int]], widths: Sequence[float], *, seed: int) -> list[Place]:
    """Places of a connected part in whole pixels, where no two labels overlap. `near`: the neighbours of each."""
    import numpy as np

    count = len(near)
    trunk = [node for node in range(count) if len(near[node]) > 1]
    number = {node: at for at, node in enumerate(trunk)}
    inner = [[number[other] for other in near[node] if other in number] for node in trunk]
    weight = np.array([1.0 + len(near[node]) - len(some) for node, some in zip(trunk, inner, strict=True)])
    area = CROWD * (sum(widths) / count + 2 * SPARE) * (HEIGHT + SPARE)
    points = _springs(inner, weight, area, seed)
    points *= np.array([math.sqrt(STRETCH), 1 / math.sqrt(STRETCH)])
    return _hang(near, {node: (float(x), float(y)) for node, (x, y) in zip(trunk, points, strict=True)}, widths)


def _hang(near: Sequence[Sequence[int]], trunk: Mapping[int, Place], widths: Sequence[float]) -> list[Place]:
    """All places: those of the trunk where they are free, the others as near to theirs as there is room."""
    room = Room()
    places = dict(trunk)
    looked = dict.fromkeys(trunk, 0)  # as far as all is taken round it
    order = sorted(trunk, key=lambda node: (-len(near[node]), node))
    hanging = [(other, node) for node in reversed(order) for other in near[node] if other not in trunk]
    for node, host in [*((node, node) for node in order), *hanging]:
        start = 0 if node == host else looked[host]
        places[node], at = nearest_free(room, places[host], widths[node], HEIGHT, start=start)
        looked[host] = max(looked[host], at)
        take(room, box(places[node], widths[node], HEIGHT))
    return [places[node] for node in range(len(near))]


def _springs(near: Sequence[Sequence[int]], weight: Points, area: float, seed: int) -> Points:
    """Points of the trunk. A spring is at rest when the discs that its ends need (`weight` times `area`) touch.

    A spring is as stiff as the less connected of its ends allows, and moves that one rather: so hubs stand apart, each
    with its own about it. Last bits are cut in every round, lest they grow and differ from processor to processor.
    """
    import numpy as np

    count, unit = len(near), math.sqrt(area)
    links = np.array([(a, b) for a, some in enumerate(near) for b in some if a < b], dtype=np.intp).reshape(-1, 2)
    start, end = links[:, 0], links[:, 1]
    degree = np.bincount(links.ravel(), minlength=count).astype(np.float64)
    stiff = 1.0 / np.minimum(degree[start], degree[end])
    share = degree[end] / (degree[start] + degree[end])  # of the movement, that of the start
    radius = np.sqrt(weight * (area / math.pi))
    rest = radius[start] + radius[end]
    points = rings(near) * unit + np.random.default_rng(seed).normal(0.0, unit / 10, (count, 2))
    points *= math.sqrt(weight.sum() * area / math.pi) / max(1.0, float(np.max(np.abs(points))))
    cells = 64 if count < 1000 else 128 if count < 10_000 else 256
    waves, push = _waves(cells), PUSH * unit ** (FALL + 1)
    speed, heat = np.zeros_like(points), 1.0
    for _ in range(ROUNDS):
        heat *= CALM ** (1 / ROUNDS)
        delta = points[end] - points[start]
        length = np.maximum(np.hypot(delta[:, 0], delta[:, 1]), 1e-3)
        pull = delta * ((1.0 - rest / length) * stiff)[:, None]
        power = push * _repulsion(points, weight, waves, cells)
        for axis in (0, 1):
            power[:, axis] += np.bincount(start, pull[:, axis] * share, minlength=count)
            power[:, axis] -= np.bincount(end, pull[:, axis] * (1.0 - share), minlength=count)
        speed = (speed + power * heat) * 0.6
        fast = np.maximum(np.hypot(speed[:, 0], speed[:, 1]), 1e-3)
        points = np.round(points + speed * np.minimum(1.0, 10 * unit / fast)[:, None], 3)
    return np.asarray(points)


def _waves(cells: int) -> list[NDArray[np.complex128]]:
    """The transform of how a weight pushes along either axis, in cells; twice as wide, so that nothing wraps round."""
    import numpy as np

    away = np.fft.fftfreq(2 * cells, 1 / (2 * cells))
    x, y = np.meshgrid(away, away, indexing="ij")
    falling = np.maximum(x * x + y * y, 0.5) ** ((FALL + 1) / 2)
    return [np.fft.rfft2(x / falling), np.fft.rfft2(y / falling)]


def _repulsion(points: Points, weight: Points, waves: list[NDArray[np.complex128]], cells: int) -> Points:
    """The push of all weights on each point; a weight is shared out to the four nodes of the grid about it."""
    import numpy as np

    wide, low = 2 * cells, points.min(axis=0)
    side = float(np.max(points.max(axis=0) - low)) / (cells - 2) or 1.0
    exact = (points - low) / side + 0.5
    corner = exact.astype(np.intp)
    (x, y), key = (exact - corner).T, corner[:, 0] * wide + corner[:, 1]
    shares = {0: (1 - x) * (1 - y), 1: (1 - x) * y, wide: x * (1 - y), wide + 1: x * y}
    mass = sum(np.bincount(key + step, part * weight, minlength=wide * wide) for step, part in shares.items())
    known = np.fft.rfft2(np.asarray(mass).reshape(wide, wide))
    fields = [np.fft.irfft2(known * wave, s=(wide, wide)).ravel() for wave in waves]
    pushes = [sum(part * field[key + step] for step, part in shares.items()) for field in fields]
    return np.asarray(np.stack([np.asarray(push) for push in pushes], axis=1) / side**FALL)
