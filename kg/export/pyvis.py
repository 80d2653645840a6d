"""The basic page, of pyvis and vis-network."""

from __future__ import annotations

from pathlib import Path

from kg.model import StatementSet
from kg.view import write_pyvis_page


def export(statements: StatementSet, out: Path) -> None:
    """Write one HTML file. Raises `DataError` for an entity that is not given or of an unknown type."""
    write_pyvis_page(statements, out)
