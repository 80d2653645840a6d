"""What a picture for print shows, before anything has its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import Statement, StatementSet
from kg.schema import Schema
from kg.view.choice import Link
from kg.view.lanes import Lane, lanes
from kg.view.paper import Paper
from kg.view.picture import Node, picture, width
from kg.view.style import Style
from kg.view.wording import plain

SPACING = 8.0  # between parallel lines at scale 1, pixels


@dataclass(frozen=True, slots=True)
class Scene:
    """Nodes, lines between them, and what they are drawn by. `scale`: of nodes, names and lines."""

    nodes: Sequence[Node]
    lanes: Sequence[Lane]
    links: Sequence[Link]
    statements: StatementSet
    schema: Schema
    style: Style
    paper: Paper
    scale: float = 1.0


def scene_of(
    statements: StatementSet, links: Sequence[Link], whole: StatementSet, schema: Schema, style: Style, *, paper: Paper
) -> Scene:  # fmt: skip
    """The scene of these statements, and of `links` between entities of `whole`. Raises `DataError` like `picture`."""
    nodes, edges = picture(statements, style)
    nodes += _more_nodes(nodes, links, whole)
    lines = lanes(edges, schema, lambda each: _wide(each, style), gap=SPACING)
    return Scene(nodes, lines, links, statements, schema, style, paper)


def _more_nodes(nodes: Sequence[Node], links: Sequence[Link], statements: StatementSet) -> list[Node]:
    """The entities that only links lead to."""
    missing = {end for link in links for end in (link.start, link.end)} - {node.id for node in nodes}
    return [
        Node(id=id_, name=plain(statements.entities[id_].name) or id_, kind=statements.entities[id_].type, size=11.0)
        for id_ in sorted(missing)
    ]


def _wide(each: Statement, style: Style) -> float:
    """Width of a statement's line at scale 1."""
    return width(each.qualifiers.amount, style.width) * 0.9
