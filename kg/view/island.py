"""What the explorer's page knows: the graph as JSON, in columns, with every text once.

Numbers in it are places in other columns (`-1`: none). Text is cleaned; addresses are checked (`kg.view.wording`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kg.model import Evidence, Qualifiers, Statement, StatementSet
from kg.schema import Schema
from kg.store.conflicts import conflicts
from kg.view.picture import AMOUNT, Edge, Node, width
from kg.view.style import Style
from kg.view.wording import aliases, plain, source_texts, sum_text

if TYPE_CHECKING:
    import networkx as nx

Json = dict[str, object]
CLUSTERED = 20_000
"""Nodes up to which communities are looked for."""


class Texts:
    """Texts, each once; `place` gives the number of one."""

    __slots__ = ("_places",)

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        return self._places.setdefault(text, len(self._places)) if text else -1

    def all(self) -> list[str]:
        return list(self._places)


def island(
    statements: StatementSet,
    drawn: tuple[Sequence[Node], Sequence[Edge]],
    places: Mapping[str, tuple[float, float]],
    schema: Schema,
    style: Style,
    *,
    first: Collection[str],
) -> Json:
    """The data of the page; `drawn` is what `kg.view.picture.picture` gives, `places` where the nodes stand. `first`:
    ids of the nodes that it shows at first."""
    (nodes, edges), known = drawn, statements.entities
    number = {node.id: place for place, node in enumerate(nodes)}
    texts, documents = Texts(), {key: place for place, key in enumerate(sorted(_sources(edges, statements)))}
    told = [edge.statement for edge in edges]
    place_of = {each.id: place for place, each in enumerate(told)}
    pairs = (each for each in conflicts(statements, schema) if each.one in place_of and each.other in place_of)
    return {
        "types": _types(style),
        "groups": list(style.groups),
        "relations": _relations(schema, style),
        "statuses": [
            {"name": name, "dashes": list(each.dashes), "shown": each.shown} for name, each in style.statuses.items()
        ],
        "nodes": {
            "id": [node.id for node in nodes],
            "name": [node.name for node in nodes],
            "type": [[*style.types, AMOUNT].index(node.kind) for node in nodes],
            "size": [node.size for node in nodes],
            "x": [places[node.id][0] for node in nodes],
            "y": [places[node.id][1] for node in nodes],
            "aliases": [aliases(known[node.id]) if node.id in known else [] for node in nodes],
            "owner": _owners(nodes, number, statements),
            "group": communities(nodes, edges),
            "first": sorted(number[each] for each in first),
        },
        "edges": {
            "id": [each.id for each in told],
            "from": [number[edge.start] for edge in edges],
            "to": [number[edge.end] for edge in edges],
            "bend": [edge.bend for edge in edges],
            "relation": [list(style.relations).index(each.relation) for each in told],
            "status": [list(style.statuses).index(each.status) for each in told],
            "sure": [round(each.confidence * 100) for each in told],
            "width": [width(each.qualifiers.amount, style.width) for each in told],
            "value": [_value(each.qualifiers) for each in told],
            "amount": [texts.place(_sum(each.qualifiers, style)) for each in told],
            "date": [texts.place(plain(each.qualifiers.date or "")) for each in told],
            "reported": [texts.place(_reported(each, statements)) for each in told],
            "more": [texts.place(_more(each.qualifiers)) for each in told],
            "sources": [statements.sources(each) for each in told],
            "evidence": [[_evidence(e, each, documents, texts, style) for e in each.evidence] for each in told],
        },
        "conflicts": [[place_of[each.one], place_of[each.other], texts.place(each.kind)] for each in pairs],
        "documents": [_document(key, statements) for key in documents],
        "texts": texts.all(),
    }


def communities(nodes: Sequence[Node], edges: Iterable[Edge]) -> list[int]:
    """For each node the number of its community, the largest first; -1 for all where there are too many nodes."""
    import networkx as nx

    if len(nodes) > CLUSTERED:
        return [-1] * len(nodes)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(node.id for node in nodes)
    graph.add_edges_from((edge.start, edge.end) for edge in edges)
    found = sorted(nx.community.louvain_communities(graph, seed=0), key=lambda group: (-len(group), min(group)))
    group_of = {node: number for number, group in enumerate(found) for node in group}
    return [group_of[node.id] for node in nodes]


def _types(style: Style) -> list[Json]:
    """The entity types, and last the sum of money in the place of an object."""
    drawn = {**style.types, AMOUNT: style.amount}
    labels = {AMOUNT: "Sum of money"}
    return [
        {"name": name, "label": labels.get(name, name), "colour": each.colour, "shape": each.shape}
        for name, each in drawn.items()
    ]


def _relations(schema: Schema, style: Style) -> list[Json]:
    told = ((schema.relations[name], colour) for name, colour in style.relations.items())
    return [
        {
            "name": relation.name,
            "label": relation.label,
            "inverse": relation.inverse_label or relation.label,
            "colour": colour,
            "symmetric": relation.symmetric,
            "paidBy": relation.paid_by or "",
        }
        for relation, colour in told
    ]


def _sources(edges: Iterable[Edge], statements: StatementSet) -> set[str]:
    """The documents that are cited, and the originals of those that are reprints."""
    cited = {evidence.document for edge in edges for evidence in edge.statement.evidence}
    return cited | {statements.original(document) for document in cited}


def _owners(nodes: Iterable[Node], number: Mapping[str, int], statements: StatementSet) -> list[int]:
    """For each node the nearest parent or maker that is a node itself."""
    owner = {each.entity: each.owner for each in statements.belongings}

    def nearest(entity: str) -> int:
        seen = {entity}
        while (entity := owner.get(entity, "")) and entity not in seen:
            if entity in number:
                return number[entity]
            seen.add(entity)
        return -1

    return [nearest(node.id) for node in nodes]


def _evidence(
    evidence: Evidence, statement: Statement, documents: Mapping[str, int], texts: Texts, style: Style
) -> list[object]:
    """Quote, document, status, confidence, rule, and the qualifiers where they differ from the statement's."""
    own, whole = (_told(each, style) for each in (evidence.qualifiers, statement.qualifiers))
    return [
        texts.place(plain(evidence.quote)),
        documents[evidence.document],
        list(style.statuses).index(evidence.status),
        round(evidence.confidence * 100),
        texts.place(plain(evidence.rule)),
        texts.place(own if own != whole else ""),
    ]


def _told(given: Qualifiers, style: Style) -> str:
    return " · ".join(filter(None, (_sum(given, style), plain(given.date or ""), _more(given))))


def _sum(given: Qualifiers, style: Style) -> str:
    return sum_text(given.amount, style.currencies) if given.amount is not None else ""


def _value(given: Qualifiers) -> str:
    """The amount as a plain number, for sorting and for tables; the currency is part of its text."""
    return f"{given.amount.value:f} {given.amount.currency}" if given.amount is not None else ""


def _more(given: Qualifiers) -> str:
    words = ((given.round or "").replace("_", " "), "lead investor" if given.lead else "", given.role, given.period)
    return " · ".join(plain(word) for word in words if word)


def _reported(each: Statement, statements: StatementSet) -> str:
    """The day of the first report of a statement; empty where no document has a date."""
    dates = (statements.documents[evidence.document].date for evidence in each.evidence)
    return plain(min((date for date in dates if date), default=""))


def _document(key: str, statements: StatementSet) -> Json:
    told: Json = {"id": key, **source_texts(key, statements.documents.get(key))}
    if key in statements.reprints:
        told["reprintOf"] = statements.reprints[key]
    return told
