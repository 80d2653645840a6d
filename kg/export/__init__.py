"""Exporters: one format a file, all with `export(statements, out)`, all with the same bytes for the same statements."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from kg.export import csv, facts, graphml, jsonld, nquads, picture, pyvis, turtle
from kg.model import StatementSet

EXPORTERS: Mapping[str, Callable[[StatementSet, Path], None]] = {
    "csv": csv.export,
    "facts": facts.export,
    "graphml": graphml.export,
    "jsonld": jsonld.export,
    "nquads": nquads.export,
    "png": partial(picture.export, form="png"),
    "pyvis": pyvis.export,
    "svg": partial(picture.export, form="svg"),
    "turtle": turtle.export,
}

__all__ = ["EXPORTERS"]
