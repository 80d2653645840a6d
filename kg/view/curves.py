"""The geometry of edges and nodes: outlines of shapes, curves that end at them, arrow heads, signs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from kg.view.drawing import Box, Curve, Point, Symbol

# Corners as (turns clockwise from the top, share of the radius), so that shapes look equally large.
_REGULAR = {
    "square": [(at / 8, 1.2) for at in (1, 3, 5, 7)],
    "diamond": [(at / 4, 1.25) for at in range(4)],
    "triangle": [(at / 3, 1.3) for at in range(3)],
    "triangleDown": [((at + 0.5) / 3, 1.3) for at in range(3)],
    "hexagon": [((at + 0.5) / 6, 1.08) for at in range(6)],
    "star": [(at / 10, 0.6 if at % 2 else 1.4) for at in range(10)],
}


def symbol(shape: str, centre: Point, radius: float, *, fill: str, edge: str, of: str = "") -> Symbol:
    """The symbol of that shape (`kg.view.style.SHAPES`; of `box`, use `box_symbol`)."""
    x, y = centre
    outline = tuple(
        (x + radius * share * math.sin(2 * math.pi * turn), y - radius * share * math.cos(2 * math.pi * turn))
        for turn, share in _REGULAR.get(shape, ())
    )
    around = outline or ((x - radius, y - radius), (x + radius, y + radius))
    return Symbol(centre, radius, outline, bounds(around), fill, edge, of)


def box_symbol(centre: Point, width: float, height: float, *, fill: str, edge: str, of: str = "") -> Symbol:
    """A rectangle around words."""
    x, y = centre
    box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    corners = ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3]))
    return Symbol(centre, height / 2, corners, box, fill, edge, of)


def bounds(points: tuple[Point, ...]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys), max(xs), max(ys))


def holds(each: Symbol, point: Point, *, gap: float = 0.0) -> bool:
    """Whether a point lies in a symbol that is larger by `gap` all around."""
    x, y = each.centre
    if not each.outline:
        return math.hypot(point[0] - x, point[1] - y) <= each.radius + gap
    left, top, right, bottom = each.box
    if not (left - gap <= point[0] <= right + gap and top - gap <= point[1] <= bottom + gap):
        return False
    share = 1 + gap / max(each.radius, 1.0)
    px, py = x + (point[0] - x) / share, y + (point[1] - y) / share
    inside = False
    for (ax, ay), (bx, by) in zip(each.outline, (*each.outline[1:], each.outline[0]), strict=True):
        if (ay > py) != (by > py) and px < (bx - ax) * (py - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def at(curve: Curve, share: float) -> Point:
    """The point of the curve at that share (0 to 1) of its parameter."""
    (ax, ay), (bx, by) = curve.start, curve.end
    rest = 1 - share
    if curve.control is None:
        return (rest * ax + share * bx, rest * ay + share * by)
    cx, cy = curve.control
    return (
        rest * rest * ax + 2 * rest * share * cx + share * share * bx,
        rest * rest * ay + 2 * rest * share * cy + share * share * by,
    )


def length(curve: Curve) -> float:
    points = [at(curve, step / 16) for step in range(17)]
    return sum(math.dist(a, b) for a, b in pairwise(points))


def bowed(start: Point, end: Point, bow: float) -> Point | None:
    """The control point of a curve whose middle lies `bow` pixels beside the straight line, None for no bow."""
    if abs(bow) < 0.05:
        return None
    (ax, ay), (bx, by) = start, end
    far = math.dist(start, end) or 1.0
    return ((ax + bx) / 2 - 2 * bow * (by - ay) / far, (ay + by) / 2 + 2 * bow * (bx - ax) / far)


def trimmed(curve: Curve, start: Symbol, end: Symbol, *, gap: float, arrow: bool, scale: float = 1.0) -> Curve:
    """The part of a curve between two symbols, `gap` pixels off them, with a head on `end`'s border if wanted.

    `scale`: of what a head measures beside the width of its curve.
    """
    first = _crossing(lambda share: holds(start, at(curve, share), gap=gap), 0.0, 1.0)
    last = _crossing(lambda share: holds(end, at(curve, share), gap=gap), 1.0, 0.0)
    if last <= first:  # the symbols touch
        first, last = 0.45, 0.55
    tip, long, half = at(curve, last), 5.5 * scale + 1.75 * curve.width, 2.6 * scale + 0.95 * curve.width
    visible = math.dist(at(curve, first), tip)
    if not arrow or visible < 2:
        return _part(curve, first, last)
    shrink = min(1.0, 0.6 * visible / long)
    long, half = long * shrink, half * max(shrink, 0.6)
    base = _crossing(lambda share: math.dist(at(curve, share), tip) < long, last, first)
    (tx, ty), (bx, by) = tip, at(curve, base)
    far = math.dist(tip, (bx, by)) or 1.0
    ux, uy = (tx - bx) / far, (ty - by) / far
    head = (tip, (bx - uy * half, by + ux * half), (bx + ux * long * 0.2, by + uy * long * 0.2),
            (bx + uy * half, by - ux * half))  # fmt: skip
    return replace(_part(curve, first, base + (last - base) * 0.3), head=head)


def _crossing(inside: Callable[[float], bool], near: float, far: float) -> float:
    """Where, on the way from `near` to `far`, it first is no longer inside."""
    before, step = near, (far - near) / 48
    for number in range(1, 49):
        after = near + number * step
        if not inside(after):
            for _ in range(20):
                middle = (before + after) / 2
                before, after = (middle, after) if inside(middle) else (before, middle)
            return after
        before = after
    return far


def _part(curve: Curve, first: float, last: float) -> Curve:
    start, end = at(curve, first), at(curve, last)
    if curve.control is None:
        return replace(curve, start=start, end=end)
    (ax, ay), (cx, cy), (bx, by) = curve.start, curve.control, curve.end
    control = tuple(
        (1 - first) * (1 - last) * a + (first + last - 2 * first * last) * c + first * last * b
        for a, c, b in ((ax, cx, bx), (ay, cy, by))
    )
    return replace(curve, start=start, control=(control[0], control[1]), end=end)


def signed(curve: Curve, sign: str, size: float) -> Curve:
    """The curve with a sign in its middle: a `bar` across it, or a `cross`."""
    (x, y), (ax, ay), (bx, by) = at(curve, 0.5), at(curve, 0.45), at(curve, 0.55)
    far = math.dist((ax, ay), (bx, by)) or 1.0
    ux, uy = (bx - ax) / far * size, (by - ay) / far * size
    turns = [(-uy, ux)] if sign == "bar" else [(ux - uy, uy + ux), (ux + uy, uy - ux)]
    scale = 1.0 if sign == "bar" else math.sqrt(0.5)
    strokes = tuple(((x - dx * scale, y - dy * scale), (x + dx * scale, y + dy * scale)) for dx, dy in turns)
    return replace(curve, sign=strokes)
