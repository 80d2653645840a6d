"""Expanded JSON-LD 1.1: all three layers, each document's evidence in its named graph."""

from __future__ import annotations

from pathlib import Path

from kg.model import StatementSet
from kg.schema import load_schema
from kg.store.rdf import to_quads


def export(statements: StatementSet, out: Path) -> None:
    """Write JSON-LD, UTF-8. Raises `StoreError` where a statement names something that is not there."""
    from pyoxigraph import RdfFormat, serialize

    quads = to_quads(statements, load_schema())
    quads.sort(key=lambda quad: (str(quad.graph_name) != "DEFAULT", str(quad.graph_name)))  # each graph in one piece
    serialize(quads, str(out), RdfFormat.JSON_LD)
