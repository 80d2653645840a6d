"""The parts of a picture beside each other: in rows, or where there is room among those that stand."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kg.view.room import Box, Place, Room, box, is_free, nearest_free, take

GAP = 60.0  # pixels between two parts
SPOTS = 24  # places that are tried on each side of a frame


def bounds(places: Sequence[Place], widths: Sequence[float], height: float) -> Box:
    """The box about these boxes."""
    boxes = [box(place, width, height) for place, width in zip(places, widths, strict=True)]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def rows(boxes: Sequence[Box]) -> list[Place]:
    """How far to move each box: rows as wide as the widest, or as makes the whole 1.4 times as wide as high.

    Boxes that are lower than their row's first stand below each other.
    """
    sizes = [(right - left, bottom - top) for left, top, right, bottom in boxes]
    area = sum((width + GAP) * (height + GAP) for width, height in sizes)
    row_width = max([math.sqrt(1.4 * area), *(width for width, _ in sizes)])
    out = []
    row = row_height = column = column_width = down = 0.0
    for (left, top, _, _), (width, height) in zip(boxes, sizes, strict=True):
        if down == 0 or down + height > row_height:  # no room below the last part: a new column, or a new row
            column, column_width, down = column + column_width, 0.0, 0.0
            if column > 0 and column + width > row_width:
                row, row_height, column = row + row_height, 0.0, 0.0
        out.append((float(round(column - left)), float(round(row + down - top))))
        column_width, down = max(column_width, width + GAP), down + height + GAP
        row_height = max(row_height, down)
    return out


def tucked(room: Room, frame: Box, wanted: Box) -> Place | None:
    """How far to move a box for free room just inside a frame, near its corners first, which it takes; None if there
    is none."""
    width, height = wanted[2] - wanted[0] + GAP, wanted[3] - wanted[1] + GAP
    left, top, right, bottom = frame[0] + width / 2, frame[1] + height / 2, frame[2] - width / 2, frame[3] - height / 2
    if left > right or top > bottom:
        return None
    across = [(left + (right - left) * step / SPOTS, step) for step in range(SPOTS + 1)]
    down = [(top + (bottom - top) * step / SPOTS, step) for step in range(SPOTS + 1)]
    spots = [(min(step, SPOTS - step), -y, x) for y in (top, bottom) for x, step in across]
    spots += [(min(step, SPOTS - step), -y, x) for x in (left, right) for y, step in down]
    for _, below, x in sorted(spots):
        taken = box((x, -below), width, height)
        if is_free(room, taken):
            take(room, taken)
            return float(round(x - (wanted[0] + wanted[2]) / 2)), float(round(-below - (wanted[1] + wanted[3]) / 2))
    return None


def beside(room: Room, place: Place, wanted: Box) -> Place:
    """How far to move a box for the free room nearest to `place`, which it takes."""
    left, top, right, bottom = wanted
    width, height = right - left + GAP, bottom - top + GAP
    (x, y), _ = nearest_free(room, place, width, height, step=max(20.0, min(width, height) / 6))
    take(room, box((x, y), width, height))
    return float(round(x - (left + right) / 2)), float(round(y - (top + bottom) / 2))
