"""The legend of a picture for print: only what occurs, each drawn as in the picture."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kg.model import Amount, StatementSet
from kg.view.content import LegendGroup, LegendItem, legend
from kg.view.curves import box_symbol, signed, symbol, trimmed
from kg.view.drawing import Box, Curve, Point, Symbol, Text
from kg.view.labelling import LEADING, text
from kg.view.letters import fitted, text_width
from kg.view.paper import Paper, mixed
from kg.view.picture import width
from kg.view.scene import Scene
from kg.view.style import Style
from kg.view.wording import short, sum_text

SIZE, ROW, SAMPLE, GAP = 13.0, 19.5, 30.0, 7.0  # font, height of a row, width of what is drawn, space beside it: pixels
BROADEST = 190.0  # of a label, pixels


@dataclass(frozen=True, slots=True)
class Key:
    """The legend, with its left upper corner at 0, 0; in pixels."""

    width: float
    texts: tuple[Text, ...]
    curves: tuple[Curve, ...]
    symbols: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line: a heading, or a label with a count (0 for none) and what is drawn at its left, at scale 1.

    `shape`: of a node, with its `colour`. `curve`: a line of that width and dashes, with an arrow, with a sign.
    """

    label: str
    count: int = 0
    shape: str = ""
    colour: str = ""
    curve: Curve | None = None
    arrow: bool = False
    sign: str | None = None

    @property
    def heads(self) -> bool:
        return not self.shape and self.curve is None


def key(scene: Scene, *, height: float, scale: float) -> Key:
    """The legend in as many columns as `height` pixels make necessary. `scale`: of the canvas, 1 for the usual size."""
    rows = list(_rows(scene))
    # Rather a little smaller than in two columns.
    scale *= min(max(height / (ROW * scale * max(len(rows), 1)), 0.75), 1.15)
    per_column = max(6, int(height / (ROW * scale) + 0.01))
    whole = Key(0.0, (), (), ())
    for first in range(0, len(rows), per_column):
        left = whole.width + 18 * scale if first else 0.0
        column = moved(_column(rows[first : first + per_column], scene.paper, scale), left, 0.0)
        whole = Key(
            left + column.width,
            whole.texts + column.texts,
            whole.curves + column.curves,
            whole.symbols + column.symbols,
        )
    return whole


def moved(legend: Key, x: float, y: float) -> Key:
    """The legend with its left upper corner elsewhere."""

    def point(given: Point) -> Point:
        return (given[0] + x, given[1] + y)

    def box(given: Box) -> Box:
        return (given[0] + x, given[1] + y, given[2] + x, given[3] + y)

    texts = tuple(
        replace(
            each, lines=tuple((w, left + x, base + y, wide) for w, left, base, wide in each.lines), box=box(each.box)
        )
        for each in legend.texts
    )
    curves = tuple(
        replace(
            each,
            start=point(each.start),
            end=point(each.end),
            head=tuple(map(point, each.head)),
            sign=tuple((point(a), point(b)) for a, b in each.sign),
        )
        for each in legend.curves
    )
    symbols = tuple(
        replace(each, centre=point(each.centre), outline=tuple(map(point, each.outline)), box=box(each.box))
        for each in legend.symbols
    )
    return Key(legend.width, texts, curves, symbols)


def _column(rows: Sequence[_Row], paper: Paper, scale: float) -> Key:
    size, high = SIZE * scale, ROW * scale
    labels = [fitted(row.label, BROADEST * scale, size, bold=row.heads) for row in rows]
    indents = [0.0 if row.heads else (SAMPLE + GAP) * scale for row in rows]
    widths = [text_width(label, size, bold=row.heads) for row, label in zip(rows, labels, strict=True)]
    counts = [f"{row.count:,}" if row.count else "" for row in rows]
    side = max(text_width(count, size) for count in counts)
    broad = max(indent + wide for indent, wide in zip(indents, widths, strict=True))
    broad += GAP * 2 * scale + side if side else 0.0
    texts, curves, symbols = list[Text](), list[Curve](), list[Symbol]()
    for number, (row, label, indent, count) in enumerate(zip(rows, labels, indents, counts, strict=True)):
        top, middle = number * high + (high - size * LEADING) / 2, (number + 0.5) * high
        if label:
            ink = paper.ink if row.heads else paper.soft
            texts.append(text((label,), indent, top, size, ink, bold=row.heads))
        if count:
            texts.append(text((count,), broad - text_width(count, size), top, size, paper.soft))
        if row.shape:
            symbols.append(_symbol(row, middle, paper, scale))
        if row.curve:
            curves.append(_line(row, row.curve, middle, scale))
    return Key(broad, tuple(texts), tuple(curves), tuple(symbols))


def _rows(scene: Scene) -> Iterator[_Row]:
    statements, style, paper = scene.statements, scene.style, scene.paper
    groups = [group for group in legend(statements, scene.nodes, scene.schema, style) if group.items]
    for number, group in enumerate(groups):
        yield from [_Row("")] if number else []
        yield _Row(group.title)
        for item in group.items:
            yield _item(group, item, scene)
    if scene.links:
        yield from [_Row("")] if groups else []
        yield _Row("Other links")
        for label, count in sorted(Counter(link.label for link in scene.links).items()):
            yield _Row(short(label), count, curve=_plain(paper.link, 1.0), arrow=True)
    sums = _sums(statements, style)
    if sums:
        yield _Row("")
        yield _Row("Width by sum")
        for value in sums:
            amount = Amount(Decimal(value), "")
            yield _Row(sum_text(amount, {}), curve=_plain(paper.soft, width(amount, style.width) * 0.9))


def _item(group: LegendGroup, item: LegendItem, scene: Scene) -> _Row:
    paper = scene.paper
    if group.facet == "type":
        return _Row(item.label, item.count, shape=item.shape, colour=item.colour)
    if group.facet == "relation":
        given = [each for each in scene.statements.statements if each.relation == item.value]
        symmetric = scene.schema.relations[item.value].symmetric
        arrow = not symmetric and any(each.object is not None for each in given)
        return _Row(item.label, item.count, curve=_plain(item.colour, 2.0), arrow=arrow)
    sign = paper.signs.get(item.value)
    colour = mixed(paper.soft, paper.faded, paper.ground) if sign else paper.soft
    curve = replace(_plain(colour, 2.0), dashes=tuple(map(float, scene.style.statuses[item.value].dashes)))
    return _Row(item.label, item.count, curve=curve, sign=sign)


def _plain(colour: str, wide: float) -> Curve:
    return Curve((0.0, 0.0), None, (0.0, 0.0), colour, wide)


def _symbol(row: _Row, y: float, paper: Paper, scale: float) -> Symbol:
    place = (SAMPLE * scale / 2, y)
    if row.shape == "box":
        return box_symbol(place, 22 * scale, 12 * scale, fill=paper.ground, edge=row.colour)
    return symbol(row.shape, place, 6 * scale, fill=row.colour, edge=paper.ground)


def _line(row: _Row, curve: Curve, y: float, scale: float) -> Curve:
    start, end = (0.0, y), (SAMPLE * scale, y)
    dashes = tuple(length * scale for length in curve.dashes)
    line = replace(curve, start=start, end=end, width=curve.width * scale, dashes=dashes)
    ends = [symbol("dot", place, 0.0, fill="", edge="") for place in (start, end)]
    drawn = trimmed(line, *ends, gap=0.0, arrow=row.arrow, scale=scale)
    return signed(drawn, row.sign, 4.5 * scale) if row.sign else drawn


def _sums(statements: StatementSet, style: Style) -> list[int]:
    """One to three powers of ten that show what widths mean, where there are sums of different widths."""
    values = [
        float(a.value)
        for each in statements.statements
        if (a := each.qualifiers.amount) and a.value.is_finite() and a.value > 0
    ]
    tens = sorted({max(math.floor(math.log10(value)), math.ceil(math.log10(style.width.start))) for value in values})
    if len(tens) < 2:
        return []
    middle = (tens[0] + tens[-1]) // 2
    return [10**power for power in sorted({tens[0], middle, tens[-1]})]
