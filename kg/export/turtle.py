"""Turtle: the default graph, that is plain edges and statements with qualifiers; evidence texts are in N-Quads."""

from __future__ import annotations

import io
from pathlib import Path

from kg.model import StatementSet
from kg.schema import load_schema
from kg.store.names import prefixes
from kg.store.rdf import to_quads


def export(statements: StatementSet, out: Path) -> None:
    """Write Turtle, UTF-8, sorted. Raises `StoreError` where a statement names something that is not there."""
    from pyoxigraph import DefaultGraph, RdfFormat, serialize

    triples = [quad.triple for quad in to_quads(statements, load_schema()) if quad.graph_name == DefaultGraph()]
    text = io.BytesIO()
    serialize(triples, text, RdfFormat.TURTLE, prefixes=prefixes())
    lines = text.getvalue().splitlines(keepends=True)
    heading = sorted(line for line in lines if line.startswith(b"@prefix"))  # they come in another order each time
    out.write_bytes(b"".join([*heading, *(line for line in lines if not line.startswith(b"@prefix"))]))
