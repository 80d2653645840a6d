"""What a picture for print is made of: shapes, curves and texts with all their places settled, in pixels.

`y` grows downwards. A `Box` is left, top, right, bottom. `kg.view.drawn.draw` makes a `Drawing`; an exporter paints it.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.view.paper import Paper

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A node, or its like in the legend. `outline`: corners of the shape, none for a circle of `radius` at `centre`.

    `of`: what it stands for in words; empty in the legend.
    """

    centre: Point
    radius: float
    outline: tuple[Point, ...]
    box: Box
    fill: str
    edge: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """An edge, or its like in the legend: a quadratic Bézier curve, or a straight line where `control` is None.

    `dashes`: lengths of stroke and gap. `head`: corners of the arrow head, none for a relation that holds both ways.
    `sign`: strokes of the sign in its middle. `of`: the statement in words; empty in the legend.
    """

    start: Point
    control: Point | None
    end: Point
    colour: str
    width: float
    dashes: tuple[float, ...] = ()
    head: tuple[Point, ...] = ()
    sign: tuple[tuple[Point, Point], ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of text as (words, left end, base line, width). `box` holds them all. `halo`: they stand on the drawing.

    `centred`: each line is centred; its left end is where that puts it.
    """

    lines: tuple[tuple[str, float, float, float], ...]
    box: Box
    size: float
    colour: str
    bold: bool = False
    halo: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole picture. `names`: of nodes; `notes`: on edges and in boxes; `margin`: title, legend, sources.

    `nameless`: the names of nodes for which there was no room, sorted. `description`: the picture in a sentence or two.
    """

    width: int
    height: int
    title: str
    description: str
    paper: Paper
    area: Box
    curves: tuple[Curve, ...]
    symbols: tuple[Symbol, ...]
    names: tuple[Text, ...]
    notes: tuple[Text, ...]
    margin: tuple[Text, ...]
    key_curves: tuple[Curve, ...]
    key_symbols: tuple[Symbol, ...]
    nameless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """How to draw for print. `width` and `height` in pixels (CSS pixels in SVG; `scale` times as many in PNG).

    `all_statuses`: also what ended or was denied.
    """

    title: str | None = None
    dark: bool = False
    all_statuses: bool = False
    width: int = 1600
    height: int = 1000
    scale: float = 2.0


def overlap(one: Box, other: Box, *, gap: float = 0.0) -> bool:
    """Whether two boxes share more than an edge, or come nearer than `gap`."""
    return one[0] < other[2] + gap and other[0] < one[2] + gap and one[1] < other[3] + gap and other[1] < one[3] + gap


def within(inner: Box, outer: Box) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
