"""Where words stand in a picture: names beside their nodes, notes on their edges, none of them on another or a node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.view.curves import at, bounds, length
from kg.view.drawing import Box, Curve, Symbol, Text, overlap, within
from kg.view.letters import text_width

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

LEADING, ASCENT = 1.16, 0.925  # height of a line, and of its base line below its top, in font sizes
GAP = 2.0  # pixels that words keep from other words and from nodes
SAMPLE = 5.0  # pixels between the points by which an edge is felt
CROSSED = 0.05  # what a point of an edge under a name costs; the steps between places beside a node cost 0.3 and more
COVERED = 2.5  # what an arrow head under a name costs
CUT = 6.0  # what a name that is cut costs
SHORES = (
    0.5,
    0.42,
    0.58,
    0.46,
    0.54,
    0.35,
    0.65,
    0.38,
    0.62,
    0.31,
    0.69,
    0.28,
    0.72,
)  # where on its edge a note may stand


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words to place beside symbol or curve number `of`. `variants`: the same in other lines or shorter, best first."""

    of: int
    variants: tuple[tuple[str, ...], ...]
    size: float
    colour: str
    bold: bool = False


@dataclass(slots=True)
class _Felt:
    """The edges as points: place, width of the edge, number of the edge."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    width: NDArray[np.float64]
    edge: NDArray[np.intp]

    def under(self, box: Box, *, but: int = -1) -> float:
        """Width times length of the edges in a box, in points; without that edge."""
        inside = (self.x > box[0]) & (self.x < box[2]) & (self.y > box[1]) & (self.y < box[3]) & (self.edge != but)
        return float(self.width[inside].sum())


@dataclass(slots=True)
class _Choice:
    """A wanted text with its possible places, the cheapest first, and the one it has."""

    places: list[tuple[float, Text]]
    taken: int | None = None
    box: Box | None = field(default=None)

    def take(self, number: int | None) -> None:
        self.taken = number
        self.box = None if number is None else self.places[number][1].box


def text(
    lines: Sequence[str], left: float, top: float, size: float, colour: str, *,
    bold: bool = False, halo: bool = False, centred: bool = False, align: float = 0.0,
) -> Text:  # fmt: skip
    """Lines from a left upper far. `align`: 0 sets them flush left, 0.5 in the middle, 1 flush right."""
    widths = [text_width(line, size, bold=bold) for line in lines]
    widest = max(widths, default=0.0)
    set_ = tuple(
        (line, left + (widest - wide) * align, top + (number * LEADING + ASCENT) * size, wide)
        for number, (line, wide) in enumerate(zip(lines, widths, strict=True))
    )
    box = (left, top, left + widest, top + len(lines) * LEADING * size)
    return Text(set_, box, size, colour, bold=bold, halo=halo, centred=centred)


def place_names(
    wanted: Sequence[Wanted], symbols: Sequence[Symbol], curves: Sequence[Curve], area: Box
) -> list[Text | None]:
    """A place for each, in the order given, which is that of importance; None where there is no room."""
    felt = _felt(curves)
    heads = [bounds(each.head) for each in curves if each.head]
    choices = []
    for each in wanted:
        options = [
            (cost + CROSSED * felt.under(set_.box) + COVERED * sum(overlap(set_.box, head) for head in heads), set_)
            for cost, set_ in _beside(symbols[each.of], each)
            if within(set_.box, area) and not any(overlap(set_.box, node.box, gap=GAP) for node in symbols)
        ]
        choices.append(_Choice(sorted(options, key=lambda option: (option[0], option[1].box))))
    for _ in range(4):
        for number, choice in enumerate(choices):
            others = [other.box for other in choices if other is not choice and other.box is not None]
            choice.take(_first_free(choice, others))
            if choice.taken is None:
                _make_room(number, choices)
    return [None if choice.taken is None else choice.places[choice.taken][1] for choice in choices]


def place_notes(
    wanted: Sequence[Wanted], symbols: Sequence[Symbol], curves: Sequence[Curve], names: Sequence[Text], area: Box
) -> list[Text | None]:
    """A place on its curve for each, in the order given, which is that of importance; None where there is no room."""
    felt = _felt(curves)
    signs = [bounds(tuple(point for stroke in each.sign for point in stroke)) for each in curves if each.sign]
    taken = [*(each.box for each in symbols), *(each.box for each in names), *signs]
    placed: list[Text | None] = []
    for each in wanted:
        curve = curves[each.of]
        heads = [curve.head] if curve.head else []
        fitting = (
            set_
            for set_ in _along(curve, each)
            if within(set_.box, area)
            and not any(overlap(set_.box, box, gap=GAP) for box in taken)
            and not felt.under(set_.box, but=each.of)
            and not any(overlap(set_.box, (x, y, x, y), gap=3.0) for head in heads for x, y in head)
        )
        found = next(fitting, None)
        placed.append(found)
        if found is not None:
            taken.append(found.box)
    return placed


def _first_free(choice: _Choice, others: list[Box]) -> int | None:
    free = (
        number
        for number, (_, set_) in enumerate(choice.places)
        if not any(overlap(set_.box, box, gap=GAP) for box in others)
    )
    return next(free, None)


def _make_room(number: int, choices: list[_Choice]) -> None:
    """Take a place from which one other name can move away."""
    mine = choices[number]
    for at_, (_, set_) in enumerate(mine.places):
        hit = [c for c in choices if c is not mine and c.box is not None and overlap(set_.box, c.box, gap=GAP)]
        if len(hit) == 1:
            rest = [c.box for c in choices if c is not mine and c is not hit[0] and c.box is not None]
            elsewhere = _first_free(hit[0], [*rest, set_.box])
            if elsewhere is not None:
                hit[0].take(elsewhere)
                mine.take(at_)
                return


def _beside(node: Symbol, each: Wanted) -> Iterator[tuple[float, Text]]:
    """The possible places around a node, each with what it costs in beauty."""
    left, top, right, bottom = node.box
    x, y = node.centre
    for number, lines in enumerate(each.variants):
        probe = text(lines, 0, 0, each.size, each.colour, bold=each.bold)
        wide, high = probe.box[2], probe.box[3]
        for far, more in ((GAP + 0.1, 0.0), (GAP + 0.25 * each.size, 0.45), (GAP + 0.7 * each.size, 1.4)):
            spots = (
                (0.0, x - wide / 2, bottom + far, 0.5),
                (0.35, right + far, y - high / 2, 0.0),
                (0.35, x - wide / 2, top - far - high, 0.5),
                (0.45, left - far - wide, y - high / 2, 1.0),
                (0.8, right + far, bottom + far - high / 2, 0.0),
                (0.8, right + far, top - far - high / 2, 0.0),
                (0.9, left - far - wide, bottom + far - high / 2, 1.0),
                (0.9, left - far - wide, top - far - high / 2, 1.0),
                (0.7, x - wide * 0.2, bottom + far, 0.0),
                (0.7, x - wide * 0.8, bottom + far, 1.0),
                (0.9, x - wide * 0.2, top - far - high, 0.0),
                (0.9, x - wide * 0.8, top - far - high, 1.0),
            )
            for cost, from_left, from_top, align in spots:
                set_ = text(
                    lines, from_left, from_top, each.size, each.colour,
                    bold=each.bold, halo=True, align=align, centred=align == 0.5,
                )  # fmt: skip
                yield cost + more + 0.6 * number + CUT * lines[-1].endswith("…"), set_


def _along(curve: Curve, each: Wanted) -> Iterator[Text]:
    """The possible places on an edge that leave enough of it to see."""
    long = length(curve)
    for lines in each.variants:
        probe = text(lines, 0, 0, each.size, each.colour, bold=each.bold)
        wide, high = probe.box[2], probe.box[3]
        (ax, ay), (bx, by) = at(curve, 0.4), at(curve, 0.6)
        run, rise = abs(bx - ax), abs(by - ay)
        far = (run * run + rise * rise) ** 0.5 or 1.0
        # How much of the edge such a box hides.
        hidden = min(wide * far / max(run, 1e-6), high * far / max(rise, 1e-6))
        if hidden + 4.5 * each.size > long:
            continue
        for share in SHORES:
            x, y = at(curve, share)
            yield text(
                lines, x - wide / 2, y - high / 2, each.size, each.colour,
                bold=each.bold, halo=True, align=0.5, centred=True,
            )  # fmt: skip


def _felt(curves: Sequence[Curve]) -> _Felt:
    import numpy as np

    points: list[tuple[float, float, float, int]] = []
    for number, curve in enumerate(curves):
        steps = max(2, int(length(curve) / SAMPLE))
        points += [(*at(curve, step / steps), curve.width, number) for step in range(steps + 1)]
        points += [(x, y, curve.width, number) for x, y in curve.head]
    table = np.array(points, dtype=np.float64).reshape(-1, 4)
    return _Felt(table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(np.intp))
