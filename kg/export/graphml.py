"""GraphML for Gephi, yEd and others: one edge a statement, with the words of one piece of evidence."""

from __future__ import annotations

import re
from pathlib import Path

from kg.model import StatementSet
from kg.view.content import leading_evidence
from kg.view.picture import picture
from kg.view.style import load_style

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export(statements: StatementSet, out: Path) -> None:
    """Write GraphML, UTF-8; characters that XML cannot hold become U+FFFD.

    Node: `label`, `type`; a relation without object leads to a node of type `amount`. Edge: `relation`, `status`,
    `confidence`, `quote`, and where known `amount`, `currency`, `bound`, `kind`, `date`. Raises `DataError` like the
    page.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    nodes, edges = picture(statements, load_style())
    for node in nodes:
        graph.add_node(_xml(node.id), label=_xml(node.name), type=node.kind)
    for edge in edges:
        each, amount = edge.statement, edge.statement.qualifiers.amount
        texts = {
            "relation": each.relation,
            "status": each.status,
            "quote": leading_evidence(each).quote,
            "date": each.qualifiers.date,
            "currency": amount.currency if amount else None,
            "bound": amount.bound if amount else None,
            "kind": amount.kind if amount else None,
        }
        values: dict[str, str | float] = {key: _xml(text) for key, text in texts.items() if text is not None}
        values["confidence"] = each.confidence
        if amount is not None:
            values["amount"] = float(amount.value)
        graph.add_edge(_xml(edge.start), _xml(edge.end), key=_xml(each.id), **values)
    lines = nx.generate_graphml(graph, named_key_ids=True, edge_id_from_attribute=None)
    out.write_bytes(("\n".join(['<?xml version="1.0" encoding="utf-8"?>', *lines]) + "\n").encode("utf-8"))


def _xml(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
