"""What is drawn: the nodes and edges of a statement set, and their options for vis-network."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from kg.errors import DataError
from kg.model import Amount, Qualifiers, Statement, StatementSet
from kg.schema import Schema
from kg.view.style import Style, WidthStyle
from kg.view.wording import percent, plain, short, sum_text

AMOUNT = "amount"  # the kind of a node that stands for a sum of money
LETTER = 7.6  # average width of a letter of a label, in pixels, in the broader fonts that browsers choose

Options = dict[str, object]


@dataclass(frozen=True, slots=True)
class Node:
    """An entity, or a sum in the place of an object. `kind`: entity type or `AMOUNT`. `size`: radius in pixels."""

    id: str
    name: str
    kind: str
    size: float


@dataclass(frozen=True, slots=True)
class Edge:
    """A statement between two nodes. `bend`: 0 for a straight line, else how far it is bowed, and to which side."""

    statement: Statement
    start: str
    end: str
    bend: float


def picture(statements: StatementSet, style: Style) -> tuple[list[Node], list[Edge]]:
    """One edge a statement; as nodes every entity of a statement, and a sum for each statement without object.

    Raises `DataError` for an entity that is not given or of a type without a drawing.
    """
    chosen = sorted(statements.statements, key=lambda statement: statement.id)
    degree = Counter(end for each in chosen for end in (each.subject, each.object) if end is not None)
    nodes = []
    for key in sorted(degree):
        if key not in statements.entities:
            raise DataError("statements", None, f"entity {key!r} is used and not given", hint="add it to `entities`")
        entity = statements.entities[key]
        if entity.type not in style.types:
            raise DataError("statements", None, f"entity {key!r} is of the unknown type {entity.type!r}")
        size = min(8 + 3 * math.sqrt(degree[key]), 28.0)
        nodes.append(Node(id=key, name=plain(entity.name) or key, kind=entity.type, size=round(size, 1)))
    ends = []
    for each in chosen:
        _, end = ends_of(each)
        if each.object is None:
            nodes.append(Node(id=end, name=_sum_name(each.qualifiers, style), kind=AMOUNT, size=8.0))
        ends.append((each, end))
    return nodes, _bowed(ends)


def ends_of(each: Statement) -> tuple[str, str]:
    """The ids of the two nodes that a statement is drawn between."""
    return each.subject, each.object if each.object is not None else f"{AMOUNT} {each.id}"


def node_ids(statements: StatementSet) -> set[str]:
    """The ids of all entities, and of the sums that stand in the place of an object."""
    return {*statements.entities, *(end for each in statements.statements for end in ends_of(each))}


def _sum_name(qualifiers: Qualifiers, style: Style) -> str:
    if qualifiers.amount is not None:
        return sum_text(qualifiers.amount, style.currencies)
    return plain((qualifiers.round or "").replace("_", " ")) or "sum not given"


def _bowed(ends: list[tuple[Statement, str]]) -> list[Edge]:
    """Edges between the same two nodes fan out; the bow is turned for those that run the other way."""
    pairs = [(min(each.subject, end), max(each.subject, end)) for each, end in ends]
    total, seen, edges = Counter(pairs), Counter[tuple[str, str]](), []
    for (each, end), pair in zip(ends, pairs, strict=True):
        bend = (seen[pair] - (total[pair] - 1) / 2) * 0.25
        seen[pair] += 1
        edges.append(Edge(each, each.subject, end, round(bend if pair[0] == each.subject else -bend, 3)))
    return edges


def label_widths(nodes: Iterable[Node]) -> dict[str, float]:
    """About how many pixels the label of each node takes, by id."""
    return {node.id: LETTER * len(short(node.name)) for node in nodes}


def totals(statements: StatementSet, nodes: Iterable[Node]) -> dict[str, int]:
    """How much there is of what, for the words beside a picture."""
    return {
        "entities": sum(node.kind != AMOUNT for node in nodes),
        "statements": len(statements.statements),
        "documents": len(statements.documents),
    }


def node_options(node: Node, place: tuple[float, float], style: Style) -> Options:
    """Options of a node beside id, shape and label; `title` is escaped, as pyvis's own page takes it for HTML."""
    drawn = style.amount if node.kind == AMOUNT else style.types[node.kind]
    return {
        "shape": drawn.shape,
        "label": short(node.name),
        "title": escape(f"{node.name} · {node.kind}"),
        "color": {"background": drawn.colour, "border": drawn.colour},
        "kind": node.kind,
        "size": node.size,
        "x": place[0],
        "y": place[1],
    }


def edge_options(edge: Edge, statements: StatementSet, schema: Schema, style: Style) -> Options:
    """Options of an edge beside its ends; `title` is escaped."""
    each, colour = edge.statement, style.relations[edge.statement.relation]
    relation, amount = schema.relations[each.relation], each.qualifiers.amount
    wide = width(amount, style.width)
    dashes = [round(length * max(1.0, wide / 3), 1) for length in style.statuses[each.status].dashes]
    money = sum_text(amount, style.currencies) if amount else ""
    sure = ", ".join(filter(None, (each.status, percent(each.confidence))))
    names = [plain(statements.entities[key].name) for key in (each.subject, each.object) if key is not None]
    bow: Options = {"enabled": True, "type": "curvedCW" if edge.bend > 0 else "curvedCCW", "roundness": abs(edge.bend)}
    return {
        "id": each.id,
        "label": relation.label,
        "title": escape(" ".join(filter(None, (names[0], relation.label, *names[1:], money, f"({sure})")))),
        "relation": each.relation,
        "status": each.status,
        "width": wide,
        "dashes": dashes or False,
        "color": {"color": colour, "highlight": colour, "hover": colour, "inherit": False},
        "arrows": "" if relation.symmetric or each.object is None else "to",
        "smooth": bow if edge.bend else False,
    }


def width(amount: Amount | None, style: WidthStyle) -> float:
    """Pixels of an edge with that amount."""
    if amount is None or amount.value <= 0:
        return style.least
    wide = style.least + style.step * math.log10(max(float(amount.value) / style.start, 1.0))
    return round(min(wide, style.most), 2)


def network_options(count: int) -> Options:
    """Options of vis-network for that many nodes; physics is off, as positions are given."""
    face = "system-ui, sans-serif"
    return {
        "autoResize": True,
        "layout": {"improvedLayout": False, "randomSeed": 0},
        "physics": {"enabled": False, "solver": "forceAtlas2Based", "stabilization": False},
        "interaction": {
            "hover": count <= 1000,
            "hideEdgesOnDrag": count > 1000,
            "tooltipDelay": 200,
            "keyboard": {"enabled": True, "bindToWindow": False},
        },
        "nodes": {"borderWidth": 1, "font": {"size": 14, "face": face, "strokeWidth": 4}},
        "edges": {
            "arrows": {"to": {"scaleFactor": 0.55}},
            "font": {"size": 12, "face": face, "strokeWidth": 4},
            "selectionWidth": 1,
            "hoverWidth": 1,
        },
    }
