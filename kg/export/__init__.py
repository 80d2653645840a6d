"""Exporters: one format a file, all with `export(statements, out)`, all with the same bytes for the same statements."""

from collections.abc import Callable, Mapping
from pathlib import Path

from kg.export import csv, facts, graphml, jsonld, nquads, png, pyvis, svg, turtle
from kg.model import StatementSet

EXPORTERS: Mapping[str, Callable[[StatementSet, Path], None]] = {
    "csv": csv.export,
    "facts": facts.export,
    "graphml": graphml.export,
    "jsonld": jsonld.export,
    "nquads": nquads.export,
    "png": png.export,
    "pyvis": pyvis.export,
    "svg": svg.export,
    "turtle": turtle.export,
}

__all__ = ["EXPORTERS"]
