"""N-Quads: all three layers, evidence in a named graph a document, lines sorted."""

from __future__ import annotations

from pathlib import Path

from kg.model import StatementSet
from kg.schema import load_schema
from kg.store.rdf import nquads_line, to_quads


def export(statements: StatementSet, out: Path) -> None:
    """Write N-Quads, UTF-8. Raises `StoreError` where a statement names something that is not there."""
    lines = [nquads_line(quad) + "\n" for quad in to_quads(statements, load_schema())]
    out.write_bytes("".join(lines).encode("utf-8"))
