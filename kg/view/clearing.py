"""Moves nodes of the first view off edges between others, where there is room: a node on a line reads as its end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from kg.view.firstview import LINE, SCREEN, fit_scale
from kg.view.room import Room, box, is_free, spiral, take

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kg.view.firstview import Points, Size

NEAR = 15.0  # pixels on the screen: a node whose middle is nearer to an edge lies on it
MOST = 150  # nodes up to which this is done
TRIED = 80  # places about a node
STEP = 9.0  # pixels on the screen between them


def cleared(
    points: Points,
    widths: Points,
    links: Sequence[tuple[int, int]],
    *,
    movable: Collection[int],
    height: float,
    screen: Size = SCREEN,
) -> Points:
    """The points with those of `movable` that lie on an edge of others moved to a near place where fewer edges are.

    `links`: the edges, as numbers of points. Labels that did not overlap at `fit_scale` still do not, all still fit on
    the screen at that scale, and nodes on edges have become fewer, if any moved. Of more than `MOST` none is moved.
    """
    import numpy as np

    pairs = _pairs(links)
    if len(points) > MOST or len(pairs) == 0 or not movable:
        return points
    scale, middle = fit_scale(points, widths, screen), (points.max(axis=0) + points.min(axis=0)) / 2
    out, spots = points.copy(), (points - middle) * scale
    low, high, tall = spots.min(axis=0), spots.max(axis=0), max(LINE, height * scale[1])
    for node in sorted(movable, reverse=True):  # the least important first
        if not _on_edges(spots, pairs, node, spots[node : node + 1])[0]:
            continue
        room = Room()
        for other, (x, y) in enumerate(spots.tolist()):
            if other != node:
                take(room, box((x, y), float(widths[other]), tall))
        near = islice(spiral((float(spots[node, 0]), float(spots[node, 1])), start=1, step=STEP), TRIED)
        tried = [
            spot
            for _, spot in near
            if low[0] <= spot[0] <= high[0]
            and low[1] <= spot[1] <= high[1]
            and is_free(room, box(spot, float(widths[node]) + 2, tall + 2))
        ]
        candidates = np.array([tuple(spots[node]), *tried])
        costs = _on_edges(spots, pairs, node, candidates) + _under_own(spots, pairs, node, candidates)
        if least := int(np.argmin(costs)):
            spots[node] = candidates[least]
            out[node] = spots[node] / scale + middle
    return out


def on_edges(points: Points, links: Sequence[tuple[int, int]]) -> int:
    """How many pairs of a node and an edge of others there are where the node lies on the edge."""
    pairs = _pairs(links)
    return sum(int(_on_edges(points, pairs, node, points[node : node + 1])[0]) for node in range(len(points)))


def _pairs(links: Sequence[tuple[int, int]]) -> NDArray[np.intp]:
    import numpy as np

    return np.array(sorted({(min(link), max(link)) for link in links if link[0] != link[1]}), np.intp).reshape(-1, 2)


def _on_edges(spots: Points, pairs: NDArray[np.intp], node: int, candidates: Points) -> NDArray[np.int_]:
    """On how many edges of others each candidate lies."""
    import numpy as np

    others = pairs[(pairs != node).all(axis=1)]
    away = _distances(candidates[:, None], spots[others[:, 0]][None], spots[others[:, 1]][None])
    return np.asarray((away < NEAR).sum(axis=1))


def _under_own(spots: Points, pairs: NDArray[np.intp], node: int, candidates: Points) -> NDArray[np.int_]:
    """How many nodes the edges of this one would run over, from each candidate."""
    import numpy as np

    own = pairs[(pairs == node).any(axis=1)]
    ends = np.where(own[:, 0] == node, own[:, 1], own[:, 0])
    if len(ends) == 0:
        return np.zeros(len(candidates), dtype=np.intp)
    away = _distances(spots[None, None], candidates[:, None, None], spots[ends][None, :, None])
    under = away < NEAR
    under[:, :, node] = False
    under[:, np.arange(len(ends)), ends] = False
    return np.asarray(under.sum(axis=(1, 2)))


def _distances(points: Points, start: Points, end: Points) -> Points:
    """From each point to each segment."""
    import numpy as np

    along, offset = end - start, points - start
    share = np.clip((offset * along).sum(axis=-1) / np.maximum((along**2).sum(axis=-1), 1e-9), 0.0, 1.0)
    return np.asarray(np.linalg.norm(offset - share[..., None] * along, axis=-1))
