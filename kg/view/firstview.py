"""The first view: the labels of the nodes that it shows do not overlap when these nodes fill a screen.

Labels keep their size in pixels at any scale, so what matters is the scale at which the nodes just fit; at any larger
scale, their labels are further apart. The nodes are pushed apart on that screen and never off it, so they still fit,
and the rest of the picture is bent with them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection
from typing import TYPE_CHECKING, TypeAlias

from kg.view.room import STRETCH, Place, Room, box, is_free, spiral, take
from kg.view.stress import pushes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points: TypeAlias = NDArray[np.float64]
    Size: TypeAlias = tuple[float, float]

SCREEN = (680.0, 690.0)  # pixels: the canvas of the page in a window of 1280 by 800
STRETCHED = 1.6  # how much more one direction is stretched than the other, at most, to fill a screen
LINE = 28.0  # pixels that a node and the line of its label below take in height
APART = 2.0  # pixels between a label that had to look for a place, and others
STEP = 5.0  # pixels between the places that are tried


def fit_scale(points: Points, widths: Points, screen: Size = SCREEN) -> Points:
    """Scales across and down, at most 1, at which labels of these widths all stand on the screen, as a page fits them
    (`explorer/camera.js`): how far it zooms out, one direction at most `STRETCHED` times as far as the other."""
    import numpy as np

    if len(points) == 0:
        return np.ones(2)
    room = np.array([screen[0] - float(np.max(widths)), screen[1] - LINE])
    scales = np.clip(room / np.maximum(np.ptp(points, axis=0), 1e-9), 1e-6, 1.0)
    return np.asarray(np.minimum(scales, float(np.min(scales)) * STRETCHED))


def separate(points: Points, widths: Points, height: float, screen: Size = SCREEN) -> Points:
    """The points such that no two labels overlap at `fit_scale`, nor boxes of `height` at scale 1; as near as may be.

    Given in the order of importance: each keeps its place where that is free, else it takes the nearest free one. If
    that leaves a label without room, all are set in rows; where these do not suffice either, labels go on overlapping.
    """
    import numpy as np

    scale, middle = fit_scale(points, widths, screen), (points.max(axis=0) + points.min(axis=0)) / 2
    if not pushes((points - middle) * scale, widths, max(LINE, height * scale[1])).any():
        return points
    lower = np.minimum(scale, LINE / height)  # where only labels set the distance there is more room
    for tried in (scale, lower):
        spots = _placed((points - middle) * tried, widths, max(LINE, height * tried[1]), screen)
        if spots is not None:
            return np.asarray(spots / tried + middle)
    return points


def _placed(spots: Points, widths: Points, height: float, screen: Size) -> Points | None:
    """Spots on the screen, (0, 0) its middle, where the labels do not overlap; None if there is no room."""
    import numpy as np

    most = (
        max(0.0, (screen[0] - float(np.max(widths))) / 2),
        max(0.0, (screen[1] - height) / 2),
    )
    room, out = Room(), []
    for (x, y), width in zip(spots.tolist(), widths.tolist(), strict=True):
        place = _free(room, (x, y), width, height, most)
        if place is None:
            return _rows(spots, widths + APART, height + APART, most)
        take(room, box(place, width, height))
        out.append(place)
    return np.array(out)


def _free(room: Room, wanted: Place, width: float, height: float, most: Size) -> Place | None:
    """The place wanted, if free, else the nearest free one at `most` so far from the middle; None if there is none."""
    across, down = most
    enough = int((2 * math.hypot(across / STRETCH, down) / STEP) ** 2) + 1  # all the screen, from any of its corners
    for number, (x, y) in itertools.islice(spiral(wanted, step=STEP), enough):
        spot = min(max(x, -across), across), min(max(y, -down), down)
        more = APART if number else APART / 2  # half of it is spare for when places are made whole pixels
        if is_free(room, box(spot, width + more, height + more)):
            return spot
    return None


def _rows(spots: Points, widths: Points, height: float, most: Size) -> Points | None:
    """The labels in rows from the top, each row from left to right; None where the rows do not suffice."""
    import numpy as np

    count = int(2 * most[1] // height) + 1
    limit = min(2 * most[0], 1.15 * float(np.sum(widths)) / count + float(np.max(widths)))
    rows: list[list[int]] = []
    used = limit
    for node in np.argsort(spots[:, 1], kind="stable").tolist():
        if used + widths[node] > limit:
            rows.append([])
            used = 0.0
        rows[-1].append(node)
        used += float(widths[node])
    if len(rows) > count or float(np.max(widths)) > limit:
        return None
    out = np.zeros_like(spots)
    for at, row in enumerate(rows):
        row.sort(key=lambda node: (spots[node, 0], node))
        spare = (2 * most[0] - float(np.sum(widths[row]))) / (len(row) + 1)
        left = spare - most[0]
        for node in row:
            out[node] = left + widths[node] / 2, most[1] * (2 * at / max(1, len(rows) - 1) - 1)
            left += float(widths[node]) + spare
    return out


def bend(points: Points, moved: Collection[int], steps: Points) -> Points:
    """All points moved like those near them: `moved` by `steps`, the others by a mean of these."""
    import numpy as np

    total, weight = np.zeros_like(points), np.zeros(len(points))
    for node, step in zip(moved, steps, strict=True):
        delta = points - points[node]
        share = 1.0 / ((delta**2).sum(axis=1) + 1.0) ** 2
        total += share[:, None] * step
        weight += share
    out = points + total / weight[:, None]
    out[list(moved)] = points[list(moved)] + steps
    return np.asarray(out)
