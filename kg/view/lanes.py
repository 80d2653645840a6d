"""Edges side by side: what runs between the same two nodes, and how far each is from the line through their centres."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.model import Statement
from kg.schema import Schema
from kg.view.picture import Edge


@dataclass(frozen=True, slots=True)
class Lane:
    """A line between two nodes. `statements`: several where they say the same without a sum, at different dates, say.

    `width` in pixels at scale 1. `offset`: pixels beside the line from `start` to `end`, to one side of it.
    """

    statements: tuple[Statement, ...]
    start: str
    end: str
    width: float
    offset: float

    @property
    def statement(self) -> Statement:
        """The first of them; they differ in nothing that is drawn."""
        return self.statements[0]


def lanes(edges: Sequence[Edge], schema: Schema, width: Callable[[Statement], float], *, gap: float) -> list[Lane]:
    """The lanes of all edges, broad ones first. `gap`: pixels between two."""
    alike: dict[tuple[str, ...], list[Edge]] = defaultdict(list)
    for edge in sorted(edges, key=lambda edge: edge.statement.id):
        each = edge.statement
        ends = (edge.start, edge.end)
        if schema.relations[each.relation].symmetric:
            ends = (min(ends), max(ends))
        one = each.id if each.qualifiers.amount is not None or each.object is None else ""
        alike[(*ends, each.relation, each.status, one)].append(edge)
    pairs: dict[tuple[str, str], list[list[Edge]]] = defaultdict(list)
    for key in sorted(alike):
        pairs[min(key[0], key[1]), max(key[0], key[1])].append(alike[key])
    found = [lane for pair in pairs.values() for lane in _side_by_side(pair, width, gap)]
    return sorted(found, key=lambda lane: (-lane.width, lane.statement.id))


def _side_by_side(pair: Sequence[list[Edge]], width: Callable[[Statement], float], gap: float) -> list[Lane]:
    widths = [width(edges[0].statement) for edges in pair]
    place, found = -(sum(widths) + gap * (len(widths) - 1)) / 2, []
    for edges, wide in zip(pair, widths, strict=True):
        first = edges[0]
        offset = place + wide / 2
        place += wide + gap
        turned = offset if first.start <= first.end else -offset
        found.append(Lane(tuple(edge.statement for edge in edges), first.start, first.end, wide, round(turned, 2)))
    return found
